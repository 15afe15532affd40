package dev.broadcast.api.html;

import dev.broadcast.api.Data;
import dev.broadcast.api.PublishedMessage;
import org.jspecify.annotations.Nullable;

/**
 * Makes HTML of messages, for clients that ask for {@code format=html}, so that one publish feeds
 * them and those that want data. Called once a message and node, on an event loop: it must not
 * block. If it throws, these clients miss that message, which is logged.
 */
@FunctionalInterface
public interface ElementBuilder {
  /**
   * The HTML of a message.
   *
   * @return null if these clients do not get the message
   */
  @Nullable Markup build(PublishedMessage message);

  /**
   * Text as an escaped paragraph, everything else as {@code <pre>} of JSON; each with the message's
   * id in {@code data-id} and its type in {@code data-type}.
   */
  static ElementBuilder plain() {
    return message -> {
      Element element =
          Element.of(message.data() instanceof Data.Text ? "p" : "pre")
              .attr("data-id", message.id());
      String type = message.type();
      return (type == null ? element : element.attr("data-type", type))
          .text(message.data().content());
    };
  }
}
