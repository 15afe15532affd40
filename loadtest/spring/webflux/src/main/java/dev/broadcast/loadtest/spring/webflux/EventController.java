package dev.broadcast.loadtest.spring.webflux;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.util.concurrent.Queues;

/**
 * As teams write it: one sink a topic, every stream subscribes to it.
 *
 * <p>Of the multicast sinks {@code directBestEffort} drops silently what a subscriber does not ask
 * for in time; {@code onBackpressureBuffer} goes at the pace of its slowest subscriber and refuses
 * what its buffer cannot hold, so its publisher is told. This is the second, without its trap: by
 * default it ends for good with its last subscriber.
 */
@RestController
class EventController {
  static final String GLOBAL = "global";

  private final Map<String, Sinks.Many<ServerSentEvent<String>>> sinks = new ConcurrentHashMap<>();

  @GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  Flux<ServerSentEvent<String>> subscribe(@RequestParam(defaultValue = GLOBAL) String topic) {
    return sink(topic)
        .asFlux()
        .startWith(ServerSentEvent.<String>builder().comment("connected").build());
  }

  @PostMapping("/events")
  void publish(@RequestBody Message message) {
    Sinks.Many<ServerSentEvent<String>> sink = sink(message.topicOrGlobal());
    ServerSentEvent<String> event = ServerSentEvent.builder(message.data()).build();
    Sinks.EmitResult result = sink.tryEmitNext(event);
    while (result == Sinks.EmitResult.FAIL_NON_SERIALIZED) {
      // Another thread is emitting.
      Thread.onSpinWait();
      result = sink.tryEmitNext(event);
    }
    if (result == Sinks.EmitResult.FAIL_OVERFLOW) {
      throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "a subscriber is too slow");
    }
  }

  private Sinks.Many<ServerSentEvent<String>> sink(String topic) {
    return sinks.computeIfAbsent(
        topic,
        absent -> Sinks.many().multicast().onBackpressureBuffer(Queues.SMALL_BUFFER_SIZE, false));
  }
}
