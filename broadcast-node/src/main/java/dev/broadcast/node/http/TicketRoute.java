package dev.broadcast.node.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.broadcast.api.Names;
import dev.broadcast.node.backplane.Tickets;
import dev.broadcast.node.hub.Hub.Admission;
import dev.broadcast.node.hub.StreamRequest;
import dev.broadcast.node.security.AccessDeniedException;
import dev.broadcast.node.security.Caller;
import dev.broadcast.node.security.Cookies;
import dev.broadcast.node.security.Guard;
import dev.broadcast.node.security.InvalidCredentialException;
import dev.broadcast.node.security.Passes;
import dev.broadcast.node.security.Right;
import dev.broadcast.node.security.TopicPatterns;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code POST /tickets}, and what happens to {@code ?ticket=}. An EventSource can set no headers,
 * so a page gets a ticket from its server, which stands in the URL, is good for one stream, and
 * soon for nothing. EventSource comes back to the same URL: so with the stream comes a cookie that
 * lets this browser return to the stream's topics, until what bought the ticket ends.
 */
final class TicketRoute {
  private static final int TICKET_BYTES = 32;
  private static final int LONGEST = 128;

  /** Passes that one browser keeps; the oldest go first. */
  private static final int MOST_PASSES = 8;

  private final Guard guard;
  private final Tickets tickets;
  private final StreamRoute streams;
  private final BodyReader bodies;
  private final HttpSettings settings;
  private final SecureRandom random = new SecureRandom();

  TicketRoute(
      Guard guard, Tickets tickets, StreamRoute streams, BodyReader bodies, HttpSettings settings) {
    this.guard = guard;
    this.tickets = tickets;
    this.streams = streams;
    this.bodies = bodies;
    this.settings = settings;
  }

  /** Sells a ticket. */
  void post(Exchange exchange) {
    exchange.query().only(Set.of(), null);
    boolean typed = exchange.head().get(Head.Field.CONTENT_TYPE) != null;
    if (typed) {
      var unused = ContentType.of(exchange.head(), List.of("application/json"));
    }
    bodies.read(
        exchange,
        bytes -> {
          if (bytes.length > 0 && !typed) {
            var unused = ContentType.of(exchange.head(), List.of("application/json"));
          }
          sell(
              exchange,
              bytes.length == 0
                  ? Optional.empty()
                  : PublishBody.parse(Text.utf8(bytes, 0, bytes.length), this::topics));
        });
  }

  private void sell(Exchange exchange, Optional<TopicPatterns> given) {
    Caller buyer = exchange.caller();
    TopicPatterns asked = given.orElse(buyer.subscribe());
    if (!buyer.subscribe().covers(asked)) {
      throw new AccessDeniedException(
          403, "topics", "this credential may not subscribe to all of these topics");
    }
    long left =
        buyer.expires() == Caller.NEVER
            ? Long.MAX_VALUE
            : buyer.expires() - System.currentTimeMillis();
    Duration life = Duration.ofMillis(Math.min(settings.ticketLifetime().toMillis(), left));
    if (life.isZero() || life.isNegative()) {
      throw new AccessDeniedException(401, "Authorization", "this credential has just ended");
    }
    byte[] bytes = new byte[TICKET_BYTES];
    random.nextBytes(bytes);
    String ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    String grant = Passes.write(buyer, asked);
    exchange.then(
        tickets.put(digest(ticket), grant, life),
        kept ->
            exchange.json(
                200,
                Json.bytes(
                    json -> {
                      json.writeStartObject();
                      json.writeStringField("ticket", ticket);
                      json.writeNumberField("expires_in", Math.max(1, life.toSeconds()));
                      json.writeEndObject();
                    })));
  }

  /** Whether a request shows a ticket, and nothing that counts more. */
  static boolean shown(HttpServerRequest request, Head head) {
    String query = request.query();
    return query != null
        && head.get(Head.Field.AUTHORIZATION) == null
        && (query.startsWith("ticket=") || query.contains("&ticket="));
  }

  /** Lets a stream in that shows a ticket, or the pass that it left. */
  void redeem(HttpServerRequest request, Head head) {
    Caller nobody = guard.check(Right.NONE, head.forGuard());
    Exchange asking = new Exchange(request, head, nobody);
    String ticket = asking.query().single("ticket");
    if (ticket == null
        || ticket.isEmpty()
        || ticket.length() > LONGEST
        || !Text.isVisible(ticket)) {
      throw Refusal.badRequest("ticket", "what POST /tickets answered expected");
    }
    Caller returning = guard.returning(head.forGuard(), ticket);
    if (returning != null) {
      streams.get(new Exchange(request, head, returning));
      return;
    }
    if (!request.method().equals(HttpMethod.GET)) {
      throw noTicket();
    }
    // What is wrong with the request otherwise is no reason to use its ticket up.
    StreamRequest stream = streams.read(asking, Caller.anybody());
    asking.then(
        guard
            .passes()
            .ready()
            .thenCompose(ready -> tickets.take(digest(ticket)))
            .handle(
                (found, failure) ->
                    new Taken(failure == null, failure == null ? found : Optional.empty())),
        taken -> redeemed(asking, ticket, stream, taken));
  }

  private void redeemed(Exchange asking, String ticket, StreamRequest stream, Taken taken) {
    if (!taken.known()) {
      StreamRoute.notNow(
          asking, new Admission.NotNow("unavailable", "tickets cannot be redeemed now; try again"));
      return;
    }
    Caller caller;
    try {
      caller = guard.passes().read(taken.grant().orElseThrow(TicketRoute::noTicket));
    } catch (InvalidCredentialException e) {
      throw noTicket();
    }
    var unused = streams.read(asking, caller); // Whether it may have these topics.
    Exchange exchange = new Exchange(asking.request(), asking.head(), caller);
    setPass(exchange, ticket, guard.passes().sign(caller, TopicPatterns.of(stream.topics())));
    streams.get(exchange);
  }

  private void setPass(Exchange exchange, String ticket, String pass) {
    Head head = exchange.head();
    String origin = head.get(Head.Field.ORIGIN);
    boolean tls = exchange.request().isSSL();
    boolean foreign =
        origin != null && guard.origins().lists(origin) && (tls || origin.startsWith("https://"));
    String attributes =
        "; Path="
            + exchange.request().path()
            + "; HttpOnly"
            + (foreign ? "; SameSite=None; Secure" : "; SameSite=Lax" + (tls ? "; Secure" : ""));
    long expires = exchange.caller().expires();
    String age =
        expires == Caller.NEVER
            ? ""
            : "; Max-Age=" + Math.max(1, (expires - System.currentTimeMillis()) / 1000);
    var headers = exchange.response().headers();
    headers.add(HttpHeaders.SET_COOKIE, Cookies.passOf(ticket) + "=" + pass + age + attributes);
    List<String> old = Cookies.passNames(head.all(Head.Field.COOKIE));
    for (String name : old.subList(0, Math.max(0, old.size() - MOST_PASSES + 1))) {
      headers.add(HttpHeaders.SET_COOKIE, name + "=; Max-Age=0" + attributes);
    }
  }

  private Optional<TopicPatterns> topics(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw Refusal.badRequest("body", "a JSON object expected");
    }
    List<String> topics = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      if (!name.equals("topics")) {
        throw Refusal.badRequest(Text.shown(name), "unknown field; known is topics");
      }
      if (topics != null) {
        throw Refusal.badRequest(name, "once expected; the key stands twice");
      }
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw Refusal.badRequest(name, "a list of topics expected");
      }
      topics = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        topics.add(topic(parser, "topics[" + topics.size() + "]"));
        if (topics.size() > settings.maxTopics()) {
          throw Refusal.badRequest(name, "at most " + settings.maxTopics() + " topics");
        }
      }
      if (topics.isEmpty()) {
        throw Refusal.badRequest(name, "at least one topic expected, or none of the field");
      }
    }
    return topics == null ? Optional.empty() : Optional.of(TopicPatterns.of(topics));
  }

  private static String topic(JsonParser parser, String field) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw Refusal.badRequest(field, "text expected");
    }
    String pattern = parser.getText();
    String fixed = pattern.endsWith("*") ? pattern.substring(0, pattern.length() - 1) : pattern;
    if (!pattern.equals("*")) {
      var unused = Names.topic(field, fixed);
    }
    return pattern;
  }

  private static AccessDeniedException noTicket() {
    return new AccessDeniedException(
        401, "ticket", "this ticket was redeemed, has ended, or never was one; get another");
  }

  private static String digest(String ticket) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(ticket.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * What came of taking a ticket.
   *
   * @param known whether anybody can tell now
   * @param grant what it was good for, empty if there was none
   */
  private record Taken(boolean known, Optional<String> grant) {}
}
