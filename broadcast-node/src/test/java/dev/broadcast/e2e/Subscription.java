package dev.broadcast.e2e;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a client asks for and from whom.
 *
 * @param nodes where the pretended balancer may send it, in its order
 * @param firstNode index of the node it comes to first
 * @param target path and query
 * @param headers further request headers
 * @param lastEventId the cursor it comes with, empty for none
 * @param receiveBuffer bytes of its socket's buffer, 0 for the system's; small, so that a stalled
 *     client is felt at once
 */
record Subscription(
    String name,
    List<URI> nodes,
    int firstNode,
    String target,
    Map<String, String> headers,
    String lastEventId,
    int receiveBuffer) {

  /** To {@code /events} for these topics, with no cursor. */
  static Subscription to(List<URI> nodes, String name, String... topics) {
    var target = new StringBuilder("/events");
    for (String topic : topics) {
      target.append(target.indexOf("?") < 0 ? '?' : '&').append("topic=");
      target.append(URLEncoder.encode(topic, StandardCharsets.UTF_8));
    }
    return new Subscription(name, List.copyOf(nodes), 0, target.toString(), Map.of(), "", 0);
  }

  /** With one more parameter, given in its encoded form as in {@code type=update}. */
  Subscription with(String parameter) {
    String longer = target + (target.contains("?") ? "&" : "?") + parameter;
    return new Subscription(name, nodes, firstNode, longer, headers, lastEventId, receiveBuffer);
  }

  Subscription first(int node) {
    return new Subscription(name, nodes, node, target, headers, lastEventId, receiveBuffer);
  }

  Subscription after(String cursor) {
    return new Subscription(name, nodes, firstNode, target, headers, cursor, receiveBuffer);
  }

  Subscription header(String header, String value) {
    var more = new TreeMap<>(headers);
    more.put(header, value);
    return new Subscription(name, nodes, firstNode, target, more, lastEventId, receiveBuffer);
  }

  Subscription buffering(int bytes) {
    return new Subscription(name, nodes, firstNode, target, headers, lastEventId, bytes);
  }

  /** Opens it. */
  SseClient start() {
    return new SseClient(this);
  }
}
