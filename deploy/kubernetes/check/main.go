// Reads manifests as a cluster's API would: every field must exist and be of its type, and every object be of a kind that
// is expected here. Usage: go run . FILE...
package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
	strict "sigs.k8s.io/yaml"
)

// What a manifest may hold, by apiVersion and kind.
var kinds = map[string]func() any{
	"v1 ServiceAccount":                      func() any { return new(corev1.ServiceAccount) },
	"v1 Service":                             func() any { return new(corev1.Service) },
	"apps/v1 Deployment":                     func() any { return new(appsv1.Deployment) },
	"policy/v1 PodDisruptionBudget":          func() any { return new(policyv1.PodDisruptionBudget) },
	"autoscaling/v2 HorizontalPodAutoscaler": func() any { return new(autoscalingv2.HorizontalPodAutoscaler) },
	"networking.k8s.io/v1 Ingress":           func() any { return new(networkingv1.Ingress) },
}

func main() {
	count := 0
	for _, file := range os.Args[1:] {
		content, err := os.ReadFile(file)
		exitOn(file, err)
		documents := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(content)))
		for {
			document, err := documents.Read()
			if errors.Is(err, io.EOF) {
				break
			}
			exitOn(file, err)
			exitOn(file, check(document))
			count++
		}
	}
	fmt.Printf("%d objects are what the API expects\n", count)
}

func check(document []byte) error {
	var head struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
	}
	if err := strict.Unmarshal(document, &head); err != nil {
		return err
	}
	make, known := kinds[head.APIVersion+" "+head.Kind]
	if !known {
		return fmt.Errorf("%s %s is not expected here", head.APIVersion, head.Kind)
	}
	if err := strict.UnmarshalStrict(document, make()); err != nil {
		return fmt.Errorf("%s: %w", head.Kind, err)
	}
	return nil
}

func exitOn(file string, err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", file, err)
		os.Exit(1)
	}
}
