package dev.broadcast.node.http;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a publishing request: given when the result of each of its items is there. Any
 * thread may bring them, each once.
 */
final class PublishAnswer {
  private final Exchange exchange;
  private final boolean batch;
  private final @Nullable PublishResult[] results;
  private final AtomicInteger left;

  /**
   * Waits for results.
   *
   * @param batch whether the request was one, even if of one item
   * @param items how many results, at least one
   */
  PublishAnswer(Exchange exchange, boolean batch, int items) {
    this.exchange = exchange;
    this.batch = batch;
    this.results = new PublishResult[items];
    this.left = new AtomicInteger(items);
  }

  void put(int index, PublishResult result) {
    results[index] = result;
    if (left.decrementAndGet() > 0) {
      return;
    }
    try {
      if (batch) {
        answerBatch(List.of(results));
      } else {
        answerOne(result);
      }
    } catch (RuntimeException e) {
      exchange.fail(e);
    }
  }

  private void answerOne(PublishResult result) {
    if (result instanceof PublishResult.Failed failed) {
      exchange.fail(Refusal.of(failed.problem()));
    } else {
      exchange.json(200, Json.bytes(result::write));
    }
  }

  /**
   * 200 if all were stored, 503 if none was because the backplane is away (so that a client tries
   * the whole again), else 207.
   */
  private void answerBatch(List<PublishResult> all) {
    boolean stored = all.stream().allMatch(r -> r instanceof PublishResult.Done);
    if (!stored && all.stream().allMatch(PublishResult::isPassing)) {
      boolean no = all.stream().allMatch(r -> r.stored().equals("no"));
      exchange.fail(
          Refusal.of(
              Problem.notPublished(
                  no ? "no" : "unknown",
                  "no message of the batch is known to be stored; send all again with the same"
                      + " Idempotency-Key")));
      return;
    }
    exchange.json(
        stored ? 200 : 207,
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeArrayFieldStart("results");
              for (PublishResult result : all) {
                result.write(json);
              }
              json.writeEndArray();
              json.writeEndObject();
            }));
  }
}
