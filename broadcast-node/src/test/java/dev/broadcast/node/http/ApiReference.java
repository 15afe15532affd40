package dev.broadcast.node.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The OpenAPI document as Markdown for people: every call with its parameters, bodies and answers.
 */
final class ApiReference {
  private static final Map<String, String> RIGHTS =
      Map.of(
          "subscribe", "Subscribing",
          "publish", "Publishing",
          "administer", "Administering",
          "open", "Open to everybody");

  private final JsonNode document;
  private final StringBuilder out = new StringBuilder();

  ApiReference(JsonNode document) {
    this.document = document;
  }

  String markdown() {
    out.append("# HTTP calls\n\n").append(flat(document.path("info").path("description")));
    out.append("\n\n");
    document.path("tags").forEach(this::group);
    out.append("## Shapes\n\n");
    document
        .path("components")
        .path("schemas")
        .properties()
        .forEach(
            entry -> {
              if (entry.getValue().has("properties")) {
                out.append("### ").append(entry.getKey()).append("\n\n");
                fields(entry.getValue());
              }
            });
    return out.toString().strip() + "\n";
  }

  private void group(JsonNode tag) {
    String name = tag.path("name").asText();
    out.append("## ").append(RIGHTS.get(name)).append("\n\n");
    out.append(flat(tag.path("description"))).append("\n\n");
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        method -> {
                          if (method.getValue().path("tags").path(0).asText().equals(name)) {
                            operation(method.getKey(), path.getKey(), method.getValue());
                          }
                        }));
  }

  private void operation(String method, String path, JsonNode operation) {
    out.append("### `").append(method.toUpperCase(java.util.Locale.ROOT)).append(' ');
    out.append(path).append("`\n\n").append(flat(operation.path("summary"))).append(".");
    if (operation.has("description")) {
      out.append(' ').append(flat(operation.path("description")));
    }
    out.append("\n\n");
    List<List<String>> parameters = new ArrayList<>();
    for (JsonNode parameter : operation.path("parameters")) {
      String name = "`" + parameter.path("name").asText() + "`";
      String place = parameter.path("in").asText();
      parameters.add(
          List.of(
              name + (parameter.path("required").asBoolean() ? ", required" : ""),
              place.equals("query") ? "" : place,
              type(parameter.path("schema")),
              flat(parameter.path("description"))));
    }
    table(List.of("parameter", "in", "value", ""), parameters);
    JsonNode body = operation.path("requestBody").path("content");
    if (!body.isMissingNode()) {
      out.append("Body: ").append(contents(body)).append(".\n\n");
      body.forEach(content -> fields(content.path("schema")));
    }
    answers(operation.path("responses"));
  }

  /** Those that the call has to itself, one by one; the usual refusals in a line. */
  private void answers(JsonNode responses) {
    List<List<String>> rows = new ArrayList<>();
    Map<String, String> usual = new TreeMap<>();
    responses
        .properties()
        .forEach(
            entry -> {
              JsonNode response = resolve(entry.getValue());
              if (entry.getKey().startsWith("2") || entry.getKey().startsWith("3")) {
                String shape = contents(response.path("content"));
                rows.add(
                    List.of("`" + entry.getKey() + "`", flat(response.path("description")), shape));
              } else {
                usual.put(entry.getKey(), flat(response.path("description")));
              }
            });
    table(List.of("answer", "", ""), rows);
    responses.forEach(
        response ->
            response
                .path("content")
                .forEach(
                    content -> {
                      if (content.path("schema").has("properties")) {
                        fields(content.path("schema"));
                      }
                    }));
    if (!usual.isEmpty()) {
      out.append("Refused with ");
      List<String> each = new ArrayList<>();
      usual.forEach((status, why) -> each.add("`" + status + "`"));
      out.append(String.join(", ", each)).append(": [what they mean](#refusals).\n\n");
    }
  }

  /** What the refusals mean, once. */
  String refusals() {
    Map<String, String> meanings = new TreeMap<>();
    document
        .path("paths")
        .forEach(
            path ->
                path.forEach(
                    operation ->
                        operation
                            .path("responses")
                            .properties()
                            .forEach(
                                entry -> {
                                  if (entry.getKey().compareTo("400") >= 0) {
                                    meanings.put(
                                        entry.getKey(),
                                        flat(resolve(entry.getValue()).path("description")));
                                  }
                                })));
    StringBuilder text = new StringBuilder("## Refusals\n\n| status | |\n|---|---|\n");
    meanings.forEach(
        (status, why) -> text.append("| `" + status + "` | ").append(why).append(" |\n"));
    return text.append('\n').toString();
  }

  private void fields(JsonNode schema) {
    List<String> required = new ArrayList<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    List<List<String>> rows = new ArrayList<>();
    schema
        .path("properties")
        .properties()
        .forEach(
            field ->
                rows.add(
                    List.of(
                        "`" + field.getKey() + "`" + (required.contains(field.getKey()) ? "" : "?"),
                        type(field.getValue()),
                        flat(field.getValue().path("description")))));
    table(List.of("field", "", ""), rows);
  }

  private void table(List<String> head, List<List<String>> rows) {
    if (rows.isEmpty()) {
      return;
    }
    row(head);
    row(head.stream().map(cell -> "---").toList());
    rows.forEach(this::row);
    out.append('\n');
  }

  private void row(List<String> cells) {
    out.append("| ")
        .append(String.join(" | ", cells.stream().map(c -> c.replace("|", "\\|")).toList()));
    out.append(" |\n");
  }

  private String contents(JsonNode content) {
    Map<String, String> types = new LinkedHashMap<>();
    content
        .properties()
        .forEach(entry -> types.put(entry.getKey(), type(entry.getValue().path("schema"))));
    List<String> texts = new ArrayList<>();
    types.forEach(
        (name, type) ->
            texts.add(
                "`"
                    + name
                    + "`"
                    + (type.equals("text") || type.equals("object") ? "" : " (" + type + ")")));
    return String.join(", ", texts);
  }

  private String type(JsonNode schema) {
    if (schema.has("$ref")) {
      String name = schema.path("$ref").asText().replaceAll(".*/", "");
      boolean shape = resolve(schema).has("properties");
      String bare =
          shape
              ? "[" + name + "](#" + name.toLowerCase(java.util.Locale.ROOT) + ")"
              : name.equals("Missing") ? "array of text" : "text";
      return schema.has("default")
          ? bare + ", `" + schema.path("default").asText() + "` if absent"
          : bare;
    }
    if (schema.has("oneOf")) {
      List<String> kinds = new ArrayList<>();
      schema.path("oneOf").forEach(kind -> kinds.add(type(kind)));
      return String.join(", or ", kinds);
    }
    if (schema.has("enum")) {
      List<String> values = new ArrayList<>();
      schema.path("enum").forEach(value -> values.add("`" + value.asText() + "`"));
      return String.join(", ", values) + absent(schema);
    }
    if (schema.has("const")) {
      return "`" + schema.path("const").asText() + "`";
    }
    return switch (schema.path("type").asText()) {
      case "array" -> "array of " + type(schema.path("items")) + absent(schema);
      case "integer" -> "number" + bounds(schema) + absent(schema);
      case "boolean" -> "`true`, `false`" + absent(schema);
      case "string" -> schema.path("format").asText().equals("date-time") ? "time" : "text";
      case "object" -> "object";
      default -> "any JSON";
    };
  }

  private static String bounds(JsonNode schema) {
    if (schema.has("maximum")) {
      return ", " + schema.path("minimum").asText("0") + " to " + schema.path("maximum").asText();
    }
    return "";
  }

  private static String absent(JsonNode schema) {
    JsonNode value = schema.path("default");
    String text = value.isArray() ? value.path(0).asText() : value.asText();
    return value.isMissingNode() ? "" : "; `" + text + "` if absent";
  }

  private JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
  }

  private static String flat(JsonNode text) {
    return text.asText().strip().replaceAll("\\s+", " ");
  }
}
