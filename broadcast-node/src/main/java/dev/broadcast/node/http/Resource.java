package dev.broadcast.node.http;

import dev.broadcast.node.security.Right;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What one path answers to which method, and who may ask. */
final class Resource {
  private final Map<String, Action> actions = new LinkedHashMap<>();
  private boolean tickets;
  private boolean management;

  /** Adds a method. GET brings HEAD with it, whose body is left out where the answer is sent. */
  Resource on(String method, Right right, Handler handler) {
    actions.put(method, new Action(right, handler));
    if (method.equals("GET")) {
      actions.put("HEAD", new Action(right, handler));
    }
    return this;
  }

  /** The same, of a stream, to which a ticket lets in, too. */
  Resource onWithTicket(String method, Right right, Handler handler) {
    on(method, right, handler);
    tickets = true;
    return this;
  }

  /**
   * For those who look after the node: on the management port, if there is one, nobody is asked for
   * a right, and on the others it is not there.
   */
  Resource forManagement() {
    management = true;
    return this;
  }

  /** Whether it is served on the management port alone, if there is one. */
  boolean isForManagement() {
    return management;
  }

  /** Whether a ticket lets in. */
  boolean takesTickets(String method) {
    return tickets && (method.equals("GET") || method.equals("HEAD"));
  }

  @Nullable Action action(String method) {
    return actions.get(method);
  }

  /** The methods, HEAD among them where GET is. */
  Set<String> methods() {
    return actions.keySet();
  }

  /** For the {@code Allow} header. */
  String allowed() {
    TreeSet<String> methods = new TreeSet<>(actions.keySet());
    methods.add("OPTIONS");
    return String.join(", ", methods);
  }

  /** Answers a request, now or later; what it throws is answered, too. */
  interface Handler {
    void handle(Exchange exchange);
  }

  /**
   * A method of a path.
   *
   * @param right what the caller needs
   * @param handler what answers
   */
  record Action(Right right, Handler handler) {}
}
