package dev.broadcast.node.hub;

import dev.broadcast.api.EventEncoder;
import dev.broadcast.api.PublishedMessage;
import dev.broadcast.api.html.ElementBuilder;
import dev.broadcast.api.html.Markup;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes HTML of messages for {@code format=html}: once a message and node, however many clients and
 * loops want it. Any thread.
 */
public final class HtmlEvents {
  private static final Logger LOG = LoggerFactory.getLogger(HtmlEvents.class);
  private static final byte[] NOTHING = {};

  private volatile ElementBuilder builder = ElementBuilder.plain();

  HtmlEvents() {}

  /** Builds with another builder from now on. */
  public void use(ElementBuilder other) {
    builder = other;
  }

  /** The event with its cursor; a block with only the cursor if the builder made nothing. */
  byte[] encode(Event event, String cursor) {
    byte[] html = event.html(this::build);
    return html.length == 0
        ? EventEncoder.idOnly(cursor)
        : EventEncoder.event(cursor, event.payload().type(), html, 0, html.length);
  }

  private byte[] build(Event event) {
    try {
      Markup markup = builder.build(PublishedMessage.parse(event.toJson()));
      return markup == null ? NOTHING : markup.html().getBytes(StandardCharsets.UTF_8);
    } catch (RuntimeException e) {
      LOG.warn("event=element_builder_failed id={}", event.id(), e);
      return NOTHING;
    }
  }
}
