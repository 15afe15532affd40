package dev.broadcast.api.stream;

import dev.broadcast.api.Names;
import java.util.concurrent.CompletableFuture;

/**
 * A job whose progress is published. Its last state is there for whoever comes late, on any node:
 * {@code GET /events?topic=TOPIC&history=1&until=complete,error}. Any thread.
 */
public interface JobProgress extends AutoCloseable {
  /** What the topics of jobs begin with. */
  String TOPIC_PREFIX = "progress/";

  /**
   * The topic of a job.
   *
   * @throws dev.broadcast.api.InvalidMessageException if the id has other characters than a topic
   */
  static String topic(String jobId) {
    return Names.topic("job_id", TOPIC_PREFIX + jobId);
  }

  /** Whose it is. */
  String jobId();

  /** What was last published; before that, running at 0. */
  Progress last();

  /** Completes with the last state of all: complete, or error. */
  CompletableFuture<Progress> done();

  /** Gives the source up; a job that is not complete ends with an error. */
  @Override
  void close();
}
