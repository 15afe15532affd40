package dev.broadcast.loadtest.spring.webflux;

import org.jspecify.annotations.Nullable;

/** What is published. */
record Message(@Nullable String topic, String data) {
  String topicOrGlobal() {
    return topic == null ? EventController.GLOBAL : topic;
  }
}
