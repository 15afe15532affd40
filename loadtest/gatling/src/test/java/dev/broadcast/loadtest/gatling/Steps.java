package dev.broadcast.loadtest.gatling;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.dummy;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.regex;
import static io.gatling.javaapi.core.CoreDsl.repeat;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.sse;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** What clients and publishers do. The names of requests begin with the scenario's. */
final class Steps {
  private static final String RECEIVED = "received";
  private static final int PATIENCE_SECONDS = 10;

  private Steps() {}

  private static Received received(Session session) {
    return session.contains(RECEIVED) ? session.<Received>get(RECEIVED) : Received.NOTHING;
  }

  /** Opens a stream, after the last event if there was one, and waits until it says so. */
  static ChainBuilder open(String scenario) {
    return exec(
        sse(scenario + ": stream opens")
            .get(
                session -> {
                  String cursor = received(session).cursor();
                  return "/events?topic=gatling/"
                      + scenario
                      + (cursor.isEmpty() ? "" : "&lastEventId=" + cursor);
                })
            .await(PATIENCE_SECONDS)
            .on(
                sse.checkMessage(scenario + ": connected")
                    .check(regex("\"event\":\"connected\""))));
  }

  /** Takes what has come meanwhile. */
  static ChainBuilder take() {
    return exec(
        sse.processUnmatchedMessages(
            (messages, session) -> session.set(RECEIVED, received(session).and(messages))));
  }

  /** Stays and looks every second. */
  static ChainBuilder listen(String scenario, Duration time) {
    return exec(repeat((int) time.toSeconds()).on(pause(1), take()));
  }

  /** Leaves every few seconds, and comes back within one after the last event that it took. */
  static ChainBuilder comeBack(String scenario, Duration time) {
    return exec(
        repeat((int) Math.max(1, time.toSeconds() / 4))
            .on(
                pause(2),
                take(),
                close(),
                pause(Duration.ZERO, Duration.ofSeconds(1)),
                open(scenario)),
        pause(2),
        take());
  }

  /** Reads nothing for half of the time, and then everything. */
  static ChainBuilder lookAway(Plan plan, String scenario, Duration time) {
    long half = time.toMillis() / 2;
    return exec(session ->
            session.set(
                "reader",
                SlowReader.start(URI.create(plan.url()), "gatling/" + scenario, half, half / 2)))
        .pause(time)
        .exec(
            dummy(scenario + ": slow readers have it all", 1)
                .withSuccess(session -> session.<SlowReader>get("reader").whole()));
  }

  static String verdict(String scenario) {
    return scenario + ": everything, once, in order";
  }

  static ChainBuilder close() {
    return exec(sse("stream closes").close());
  }

  /** A line in the report, with the longest delay as its time: good if nothing is missing. */
  static ChainBuilder judge(String scenario) {
    return exec(
        dummy(
                verdict(scenario),
                session -> (int) Math.min(Integer.MAX_VALUE, received(session).late()))
            .withSuccess(session -> received(session).whole()));
  }

  /** Publishes the next number of a topic. Only one publisher a topic: order is what is tested. */
  static ChainBuilder publishNext(Plan plan, String scenario, AtomicLong numbers, String padding) {
    return exec(
        http(scenario + ": publish")
            .post("/events?topic=gatling/" + scenario)
            .header("Content-Type", "text/plain")
            .headers(Headers.of(plan.key()))
            .body(
                StringBody(
                    session ->
                        "n "
                            + numbers.incrementAndGet()
                            + " "
                            + System.currentTimeMillis()
                            + padding))
            .check(status().is(200)));
  }

  /** Publishes a batch of 16. */
  static ChainBuilder publishBatch(Plan plan, String scenario) {
    String item = "{\"topic\":\"gatling/" + scenario + "\",\"data\":\"one of sixteen\"}\n";
    return exec(
        http(scenario + ": batch of 16")
            .post("/events")
            .header("Content-Type", "application/x-ndjson")
            .headers(Headers.of(plan.key()))
            .body(StringBody(item.repeat(16)))
            .check(status().is(200)));
  }
}
