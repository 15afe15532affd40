package dev.broadcast.loadtest.spring.mvc;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * As tutorials write it: the request's thread walks over the emitters and sends to each; who is
 * gone is removed. Two publishers at once walk side by side, so streams may see their messages in
 * different orders.
 */
@RestController
class EventController {
  static final String GLOBAL = "global";

  private final Map<String, CopyOnWriteArrayList<SseEmitter>> emitters = new ConcurrentHashMap<>();

  @GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  SseEmitter subscribe(@RequestParam(defaultValue = GLOBAL) String topic) throws IOException {
    SseEmitter emitter = new SseEmitter(0L);
    CopyOnWriteArrayList<SseEmitter> ofTopic = emitters(topic);
    ofTopic.add(emitter);
    emitter.onCompletion(() -> ofTopic.remove(emitter));
    emitter.onTimeout(() -> ofTopic.remove(emitter));
    emitter.onError(why -> ofTopic.remove(emitter));
    emitter.send(SseEmitter.event().comment("connected"));
    return emitter;
  }

  @PostMapping("/events")
  void publish(@RequestBody Message message) {
    CopyOnWriteArrayList<SseEmitter> ofTopic = emitters(message.topicOrGlobal());
    for (SseEmitter emitter : ofTopic) {
      try {
        emitter.send(SseEmitter.event().data(message.data()));
      } catch (IOException | IllegalStateException e) {
        ofTopic.remove(emitter);
      }
    }
  }

  private CopyOnWriteArrayList<SseEmitter> emitters(String topic) {
    return emitters.computeIfAbsent(topic, absent -> new CopyOnWriteArrayList<>());
  }
}
