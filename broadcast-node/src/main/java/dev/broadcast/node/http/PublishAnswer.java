package dev.broadcast.node.http;

import dev.broadcast.api.Message;
import dev.broadcast.node.hub.Hub.Published;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a publishing request: given when the result of each of its items is there. Any
 * thread may bring them, each once.
 */
final class PublishAnswer {
  private final Exchange exchange;
  private final @Nullable PublishResult[] results;
  private final AtomicInteger left;

  /**
   * The answer to a batch.
   *
   * @param items how many results, at least one
   */
  PublishAnswer(Exchange exchange, int items) {
    this.exchange = exchange;
    this.results = new PublishResult[items];
    this.left = new AtomicInteger(items);
  }

  /**
   * The answer to one message that was no batch, when the hub tells of it. Objects instead of
   * functions, and as few calls one within the other as possible: the compiler compiles all that
   * lies below anew at each.
   */
  record One(Exchange exchange, Message message)
      implements BiConsumer<@Nullable Published, @Nullable Throwable> {
    @Override
    public void accept(@Nullable Published published, @Nullable Throwable failure) {
      PublishResult result = PublishResult.of(message, published, failure);
      try {
        if (result instanceof PublishResult.Failed failed) {
          exchange.fail(Refusal.of(failed.problem()));
        } else {
          JsonBytes json = new JsonBytes(160);
          result.write(json);
          exchange.json(200, json.toBytes());
        }
      } catch (RuntimeException e) {
        exchange.fail(e);
      }
    }
  }

  /** An item of a batch, when the hub tells of it. */
  record Item(PublishAnswer answer, int index, Message message)
      implements BiConsumer<@Nullable Published, @Nullable Throwable> {
    @Override
    public void accept(@Nullable Published published, @Nullable Throwable failure) {
      answer.put(index, PublishResult.of(message, published, failure));
    }
  }

  void put(int index, PublishResult result) {
    results[index] = result;
    if (left.decrementAndGet() > 0) {
      return;
    }
    try {
      answer(List.of(results));
    } catch (RuntimeException e) {
      exchange.fail(e);
    }
  }

  /**
   * 200 if all were stored, 503 if none was because the backplane is away (so that a client tries
   * the whole again), else 207.
   */
  private void answer(List<PublishResult> all) {
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
    JsonBytes json = new JsonBytes(32 + 128 * all.size());
    json.ascii("{\"results\":[");
    for (int i = 0; i < all.size(); i++) {
      json.ascii(i == 0 ? "" : ",");
      all.get(i).write(json);
    }
    json.ascii("]}");
    exchange.json(stored ? 200 : 207, json.toBytes());
  }
}
