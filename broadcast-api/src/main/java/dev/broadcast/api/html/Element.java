package dev.broadcast.api.html;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One HTML element. Text and attribute values are escaped; HTML as it is comes in only through
 * {@link Markup#raw}. Immutable: every method answers another element.
 *
 * <pre>{@code Element.of("li").id("job-7").attr("class", "done").text(title)}</pre>
 */
public final class Element implements Markup {
  /** Elements that have no end tag (WHATWG HTML, 13.1.2). */
  private static final Set<String> VOID =
      Set.of(
          "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
          "track", "wbr");

  /** Elements whose content is no markup: escapes would stand there as they are. */
  private static final Set<String> RAW_TEXT = Set.of("script", "style");

  private final String tag;
  private final Map<String, @Nullable String> attributes;
  private final List<Markup> children;

  private Element(String tag, Map<String, @Nullable String> attributes, List<Markup> children) {
    this.tag = tag;
    this.attributes = attributes;
    this.children = children;
  }

  /**
   * An empty element.
   *
   * @throws dev.broadcast.api.InvalidMessageException if this is no name of an element
   */
  public static Element of(String tag) {
    return new Element(Escape.name("tag", tag), Map.of(), List.of());
  }

  /**
   * A script. An end tag within it is broken up, so that it cannot end the element.
   *
   * @param code trusted
   */
  public static Element script(String code) {
    String safe = code.replace("</script", "<\\/script").replace("</SCRIPT", "<\\/SCRIPT");
    return of("script").add(Markup.raw(safe.replace("<!--", "<\\!--")));
  }

  /** With an attribute. An earlier value of it is replaced. */
  public Element attr(String name, String value) {
    return with(name, value);
  }

  /** With an attribute that has no value, such as {@code hidden}. */
  public Element attr(String name) {
    return with(name, null);
  }

  /** With these attributes, in their order. */
  public Element attrs(Map<String, String> more) {
    Element element = this;
    for (Map.Entry<String, String> attribute : more.entrySet()) {
      element = element.attr(attribute.getKey(), attribute.getValue());
    }
    return element;
  }

  /** With this id. */
  public Element id(String id) {
    return with("id", id);
  }

  /**
   * With this text at its end.
   *
   * @throws IllegalStateException in a script or style, where text cannot be escaped
   */
  public Element text(String text) {
    if (RAW_TEXT.contains(tag.toLowerCase(Locale.ROOT))) {
      throw new IllegalStateException("text: cannot be escaped within " + tag);
    }
    return add(Markup.text(text));
  }

  /**
   * With this at its end.
   *
   * @throws IllegalStateException if such an element has no content
   */
  public Element add(Markup child) {
    if (VOID.contains(tag.toLowerCase(Locale.ROOT))) {
      throw new IllegalStateException("children: " + tag + " has none");
    }
    List<Markup> more = new ArrayList<>(children);
    more.add(child);
    return new Element(tag, attributes, List.copyOf(more));
  }

  /** With these at its end. */
  public Element addAll(Iterable<? extends Markup> more) {
    return add(Markup.of(more));
  }

  /** Its tag as it was given. */
  public String tag() {
    return tag;
  }

  /** Its id, or null if it has none. */
  public @Nullable String id() {
    return attributes.get("id");
  }

  @Override
  public String html() {
    StringBuilder html = new StringBuilder(64).append('<').append(tag);
    attributes.forEach(
        (name, value) -> {
          html.append(' ').append(name);
          if (value != null) {
            html.append("=\"").append(Escape.text(value)).append('"');
          }
        });
    html.append('>');
    if (VOID.contains(tag.toLowerCase(Locale.ROOT))) {
      return html.toString();
    }
    children.forEach(child -> html.append(child.html()));
    return html.append("</").append(tag).append('>').toString();
  }

  @Override
  public String toString() {
    return html();
  }

  private Element with(String name, @Nullable String value) {
    Map<String, @Nullable String> more = new LinkedHashMap<>(attributes);
    more.put(Escape.name("attribute", name), value);
    return new Element(tag, more, children);
  }
}
