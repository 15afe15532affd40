package dev.broadcast.api.html;

import dev.broadcast.api.Data;
import dev.broadcast.api.Message;
import dev.broadcast.api.MessageBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One action of Turbo Streams. Publish it unnamed: {@code <turbo-stream-source src="/events?…">}
 * listens to unnamed events. Several of them are one event: {@link #message}. Immutable.
 *
 * @param action append, prepend, replace, update, remove, before, after or refresh
 * @param target the id of the element concerned, or null
 * @param targets a selector of several elements, or null
 * @param morph whether what is there is changed rather than replaced; with replace and update
 * @param content what goes there, or null
 */
public record TurboStream(
    String action,
    @Nullable String target,
    @Nullable String targets,
    boolean morph,
    @Nullable Markup content)
    implements Markup {

  /** Puts content at the end of the element with this id. */
  public static TurboStream append(String target, Markup content) {
    return new TurboStream("append", target, null, false, content);
  }

  /** Puts content at the beginning of the element with this id. */
  public static TurboStream prepend(String target, Markup content) {
    return new TurboStream("prepend", target, null, false, content);
  }

  /** Replaces the element with this id. */
  public static TurboStream replace(String target, Markup content) {
    return new TurboStream("replace", target, null, false, content);
  }

  /** Replaces what is in the element with this id. */
  public static TurboStream update(String target, Markup content) {
    return new TurboStream("update", target, null, false, content);
  }

  /** Takes the element with this id out. */
  public static TurboStream remove(String target) {
    return new TurboStream("remove", target, null, false, null);
  }

  /** Puts content before the element with this id. */
  public static TurboStream before(String target, Markup content) {
    return new TurboStream("before", target, null, false, content);
  }

  /** Puts content after the element with this id. */
  public static TurboStream after(String target, Markup content) {
    return new TurboStream("after", target, null, false, content);
  }

  /** Lets the page load itself anew. */
  public static TurboStream refresh() {
    return new TurboStream("refresh", null, null, false, null);
  }

  /** The same for all elements of a selector. */
  public TurboStream all(String selector) {
    return new TurboStream(action, null, selector, morph, content);
  }

  /** Changes what is there instead of replacing it. */
  public TurboStream morphing() {
    return new TurboStream(action, target, targets, true, content);
  }

  @Override
  public String html() {
    Element stream = Element.of("turbo-stream").attr("action", action);
    if (morph) {
      stream = stream.attr("method", "morph");
    }
    if (target != null) {
      stream = stream.attr("target", target);
    }
    if (targets != null) {
      stream = stream.attr("targets", targets);
    }
    return (content == null ? stream : stream.add(Element.of("template").add(content))).html();
  }

  /** An unnamed message of these actions, to be refined and published. */
  public static MessageBuilder message(TurboStream... actions) {
    return Message.builder(null, Data.text(Markup.of(List.of(actions)).html()));
  }
}
