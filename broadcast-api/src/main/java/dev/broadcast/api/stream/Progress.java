package dev.broadcast.api.stream;

import dev.broadcast.api.Data;
import dev.broadcast.api.InvalidMessageException;
import dev.broadcast.api.Json;
import dev.broadcast.api.Message;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a job is. Immutable.
 *
 * @param state running, complete or failed
 * @param percent 0 to 100
 * @param message for people, or null
 * @throws InvalidMessageException if {@code percent} is no number from 0 to 100
 */
public record Progress(State state, double percent, @Nullable String message) {
  /** Where a job stands; on the wire in lower case. */
  public enum State {
    RUNNING("running", "progress"),
    COMPLETE("complete", "complete"),
    ERROR("error", "error");

    private final String wire;
    private final String type;

    State(String wire, String type) {
      this.wire = wire;
      this.type = type;
    }

    /** Its name in JSON. */
    public String wire() {
      return wire;
    }

    /** The type of the message that tells it: {@code progress}, {@code complete}, {@code error}. */
    public String type() {
      return type;
    }
  }

  public Progress {
    if (!(percent >= 0 && percent <= 100)) {
      throw new InvalidMessageException("percent", "0 to 100 expected, not " + percent);
    }
  }

  /** On its way. */
  public static Progress running(double percent, @Nullable String message) {
    return new Progress(State.RUNNING, percent, message);
  }

  /** Done. */
  public static Progress complete(@Nullable String message) {
    return new Progress(State.COMPLETE, 100, message);
  }

  /** It did not work out; {@code percent} is how far it came. */
  public static Progress error(double percent, @Nullable String message) {
    return new Progress(State.ERROR, percent, message);
  }

  /** Whether nothing follows. */
  public boolean last() {
    return state != State.RUNNING;
  }

  /**
   * The message that tells it: on the job's topic, of the state's type.
   *
   * @throws InvalidMessageException if the id has other characters than a topic
   */
  public Message message(String jobId) {
    return Message.builder(state.type(), Data.json(toJson(jobId)))
        .topic(JobProgress.topic(jobId))
        .build();
  }

  /** {@code {"job_id","state","percent","message"?}}; a whole percent is written without a dot. */
  public String toJson(String jobId) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("job_id", jobId);
    fields.put("state", state.wire());
    fields.put("percent", percent == Math.rint(percent) ? (Object) (int) percent : percent);
    if (message != null) {
      fields.put("message", message);
    }
    return Json.write(fields);
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws InvalidMessageException if it is something else
   */
  public static Progress parse(String json) {
    Object value = Json.parse(json);
    if (value instanceof Map<?, ?> fields && fields.get("percent") instanceof Number percent) {
      for (State state : State.values()) {
        if (state.wire().equals(fields.get("state"))) {
          Object message = fields.get("message");
          return new Progress(
              state, percent.doubleValue(), message == null ? null : message.toString());
        }
      }
    }
    throw new InvalidMessageException("progress", "an object with state and percent expected");
  }
}
