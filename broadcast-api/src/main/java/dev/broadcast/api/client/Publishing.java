package dev.broadcast.api.client;

import dev.broadcast.api.InvalidMessageException;
import dev.broadcast.api.Json;
import dev.broadcast.api.broadcaster.BroadcastResult.Published;
import dev.broadcast.api.broadcaster.NotPublishedException;
import dev.broadcast.api.broadcaster.NotPublishedException.Stored;
import dev.broadcast.api.broadcaster.Receipt;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One publishing request, sent again under the same idempotency key until it is answered for good
 * or its time is over. So a message is stored once, however often its answer gets lost.
 *
 * @param <R> what the caller gets
 */
final class Publishing<R> {
  /** Reads an answer for good; answers null if some of it may succeed later. */
  interface Reader<R> {
    @Nullable R read(int status, String body);
  }

  private final HttpClient http;
  private final Requests requests;
  private final ScheduledExecutorService timer;
  private final Reader<R> reader;
  private final Backoff backoff;
  private final String json;
  private final String key;
  private final @Nullable Duration receipt;
  private final long deadline;
  private final CompletableFuture<R> result = new CompletableFuture<>();
  private Stored stored = Stored.NO;

  Publishing(
      HttpClient http,
      Requests requests,
      ClientSettings settings,
      ScheduledExecutorService timer,
      Reader<R> reader,
      String json,
      String key,
      @Nullable Duration receipt) {
    this.http = http;
    this.requests = requests;
    this.timer = timer;
    this.reader = reader;
    this.backoff = new Backoff(settings.backoffMin(), settings.backoffMax());
    this.json = json;
    this.key = key;
    this.receipt = receipt;
    this.deadline = System.nanoTime() + settings.publishWithin().toNanos();
  }

  CompletableFuture<R> begin() {
    send();
    return result;
  }

  private void send() {
    if (result.isDone()) {
      return;
    }
    Attempt attempt = new Attempt(json);
    var unused =
        http.sendAsync(requests.publish(attempt, key, receipt), BodyHandlers.ofString())
            // The request's own timeout ends with the head of the answer.
            .orTimeout(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)
            .whenComplete(
                (response, failure) -> {
                  try {
                    if (failure == null) {
                      answered(response);
                    } else {
                      broken(attempt, failure);
                    }
                  } catch (RuntimeException e) {
                    result.completeExceptionally(e);
                  }
                });
  }

  private void answered(HttpResponse<String> response) {
    int status = response.statusCode();
    if (Answers.passing(status)) {
      // A gateway's word says nothing about what the node behind it has done.
      if (!response.body().contains("\"stored\":\"no\"")) {
        stored = Stored.UNKNOWN;
      }
      again(Answers.retryAfter(response.headers()), status + " " + response.body());
    } else if (status == 200 || status == 207) {
      R read = reader.read(status, response.body());
      if (read == null) {
        stored = Stored.UNKNOWN;
        again(Duration.ZERO, response.body());
      } else {
        result.complete(read);
      }
    } else {
      result.completeExceptionally(RefusedException.of(status, response.body()));
    }
  }

  private void broken(Attempt attempt, Throwable failure) {
    if (!attempt.takeBack()) {
      stored = Stored.UNKNOWN;
    }
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    again(Duration.ZERO, String.valueOf(cause));
  }

  private void again(Duration atLeast, String reason) {
    requests.nextNode();
    Duration pause = backoff.next();
    long wait = Math.max(pause.toNanos(), atLeast.toNanos());
    if (deadline - System.nanoTime() <= wait) {
      result.completeExceptionally(new NotPublishedException(stored, reason));
      return;
    }
    var unused = timer.schedule(this::send, wait, TimeUnit.NANOSECONDS);
  }

  /** The answer to one message. */
  static Published one(int status, String body) {
    if (Json.parse(body) instanceof Map<?, ?> fields) {
      return published(fields);
    }
    throw unreadable(body);
  }

  /** The answer to a batch, unless one of its messages may still be stored. */
  static @Nullable List<BatchResult> batch(int status, String body) {
    if (!(Json.parse(body) instanceof Map<?, ?> answer)
        || !(answer.get("results") instanceof List<?> items)) {
      throw unreadable(body);
    }
    List<BatchResult> results = new ArrayList<>();
    for (Object item : items) {
      if (!(item instanceof Map<?, ?> fields)) {
        throw unreadable(body);
      } else if (!(fields.get("error") instanceof Map<?, ?> problem)) {
        results.add(new BatchResult.Stored(published(fields)));
      } else {
        int code = problem.get("status") instanceof Number number ? number.intValue() : 500;
        if (Answers.passing(code)) {
          return null;
        }
        results.add(new BatchResult.Refused(RefusedException.of(code, problem)));
      }
    }
    return results;
  }

  private static Published published(Map<?, ?> fields) {
    Receipt receipt =
        fields.get("clients") instanceof Number clients
                && fields.get("nodes") instanceof Number nodes
            ? new Receipt(
                clients.intValue(), nodes.intValue(), Boolean.TRUE.equals(fields.get("complete")))
            : null;
    try {
      return new Published(
          String.valueOf(fields.get("id")),
          String.valueOf(fields.get("topic")),
          Instant.parse(String.valueOf(fields.get("timestamp"))),
          Boolean.TRUE.equals(fields.get("repeated")),
          receipt);
    } catch (DateTimeParseException e) {
      throw unreadable(fields.toString());
    }
  }

  private static InvalidMessageException unreadable(String body) {
    return new InvalidMessageException("answer", "a node's answer expected, not " + body);
  }
}
