package dev.broadcast.node.broadcaster;

import dev.broadcast.api.PublishedMessage;
import dev.broadcast.api.stream.JobProgress;
import dev.broadcast.api.stream.Progress;
import dev.broadcast.node.hub.Hub;
import dev.broadcast.node.hub.Hub.IdempotencyKey;
import dev.broadcast.node.hub.Hub.StoredMessage;
import dev.broadcast.node.hub.NodeNews;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who runs which job. Every node tells the others which jobs are its own; when one is gone, those
 * who are left end its jobs with an error, under one idempotency key, so that it is told once. Any
 * thread.
 */
public final class Jobs {
  private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);
  private static final String SUBJECT = "jobs";
  private static final int REPEAT = 5;

  private final Hub hub;
  private final NodeNews news;
  private final Set<String> mine = ConcurrentHashMap.newKeySet();
  private final Map<String, Set<String>> others = new ConcurrentHashMap<>();
  private int ticks;

  /**
   * @param news what nodes tell each other
   */
  public Jobs(Hub hub, NodeNews news) {
    this.hub = hub;
    this.news = news;
    news.on(SUBJECT, this::heard);
  }

  void began(String jobId) {
    mine.add(jobId);
    tell();
  }

  void ended(String jobId) {
    mine.remove(jobId);
    tell();
  }

  private void tell() {
    news.tell(SUBJECT, String.join("\n", mine));
  }

  private void heard(String incarnation, String jobs) {
    if (jobs.isEmpty()) {
      others.remove(incarnation);
    } else {
      others.put(incarnation, Set.of(jobs.split("\n", -1)));
    }
  }

  /** Repeats what is running here, and looks whether who runs the others is alive; each second. */
  public void tick() {
    if (!mine.isEmpty() && ++ticks % REPEAT == 0) {
      tell(); // a node that came meanwhile must know, too
    }
    if (!others.isEmpty()) {
      var unused = news.alive().thenAccept(this::endThoseOfTheDead);
    }
  }

  private void endThoseOfTheDead(Set<String> alive) {
    if (alive.isEmpty()) {
      return; // this node itself is cut off, and cannot tell who is not
    }
    for (String incarnation : new HashSet<>(others.keySet())) {
      Set<String> jobs = alive.contains(incarnation) ? null : others.remove(incarnation);
      if (jobs != null) {
        jobs.forEach(job -> end(incarnation, job));
      }
    }
  }

  private void end(String incarnation, String jobId) {
    String topic = JobProgress.topic(jobId);
    var unused =
        hub.history(topic, 1, null, false)
            .thenCompose(
                last -> {
                  Progress known = progress(last);
                  if (known.last()) {
                    return java.util.concurrent.CompletableFuture.completedFuture(null);
                  }
                  Progress error = Progress.error(known.percent(), "the node that ran it is gone");
                  return hub.publish(
                      RunningJob.message(jobId, topic, error),
                      new IdempotencyKey(SUBJECT, incarnation + '/' + jobId, 0),
                      null);
                })
            .exceptionally(
                failure -> {
                  LOG.warn("event=job_not_ended job={} reason={}", jobId, failure.toString());
                  others.merge(
                      incarnation,
                      Set.of(jobId),
                      (before, more) -> {
                        Set<String> both = new HashSet<>(before);
                        both.addAll(more);
                        return both;
                      });
                  return null;
                });
  }

  private static Progress progress(List<StoredMessage> last) {
    try {
      return last.isEmpty()
          ? Progress.running(0, null)
          : Progress.parse(PublishedMessage.parse(last.get(0).json()).data().content());
    } catch (IllegalArgumentException e) {
      return Progress.running(0, null); // somebody else's message
    }
  }
}
