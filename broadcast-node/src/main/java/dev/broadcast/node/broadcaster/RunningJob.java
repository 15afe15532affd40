package dev.broadcast.node.broadcaster;

import dev.broadcast.api.Data;
import dev.broadcast.api.Message;
import dev.broadcast.api.broadcaster.Broadcaster;
import dev.broadcast.api.stream.JobProgress;
import dev.broadcast.api.stream.Progress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A job of this node: what its source says is published one after the other, the latest first where
 * publishing is slower. Any thread.
 */
final class RunningJob implements JobProgress, Flow.Subscriber<Progress> {
  private final String jobId;
  private final String topic;
  private final Broadcaster broadcaster;
  private final Jobs jobs;
  private final CompletableFuture<Progress> done = new CompletableFuture<>();
  private final Deque<Progress> waiting = new ArrayDeque<>();
  private Flow.@Nullable Subscription source;
  private Progress last = Progress.running(0, null);
  private boolean publishing;
  private boolean over;

  RunningJob(String jobId, Broadcaster broadcaster, Jobs jobs) {
    this.jobId = jobId;
    this.topic = JobProgress.topic(jobId);
    this.broadcaster = broadcaster;
    this.jobs = jobs;
    jobs.began(jobId);
    offer(last);
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    synchronized (this) {
      source = subscription;
    }
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(Progress progress) {
    offer(progress);
  }

  @Override
  public void onError(Throwable failure) {
    offer(Progress.error(last().percent(), String.valueOf(failure.getMessage())));
  }

  @Override
  public void onComplete() {
    offer(Progress.error(last().percent(), "it ended without being complete"));
  }

  @Override
  public void close() {
    offer(Progress.error(last().percent(), "it was given up"));
  }

  private void offer(Progress progress) {
    Flow.Subscription cancelled = null;
    synchronized (this) {
      if (over) {
        return;
      }
      over = progress.last();
      waiting.removeIf(before -> !before.last());
      waiting.add(progress);
      cancelled = over ? source : null;
    }
    if (cancelled != null) {
      cancelled.cancel();
    }
    publish();
  }

  private void publish() {
    Progress next;
    synchronized (this) {
      if (publishing || waiting.isEmpty()) {
        return;
      }
      publishing = true;
      next = waiting.remove();
    }
    var unused =
        broadcaster
            .broadcast(message(jobId, topic, next))
            .whenComplete((result, failure) -> published(next));
  }

  /** Also where it failed: what comes next says more than what was lost. */
  private void published(Progress progress) {
    synchronized (this) {
      publishing = false;
      last = progress;
    }
    if (progress.last()) {
      jobs.ended(jobId);
      done.complete(progress);
    } else {
      publish();
    }
  }

  static Message message(String jobId, String topic, Progress progress) {
    return new Message(
        topic,
        progress.state().type(),
        Data.json(progress.toJson(jobId)),
        List.of(),
        null,
        List.of(),
        List.of());
  }

  @Override
  public String jobId() {
    return jobId;
  }

  @Override
  public synchronized Progress last() {
    return last;
  }

  @Override
  public CompletableFuture<Progress> done() {
    return done.copy();
  }
}
