package dev.broadcast.api.html;

import dev.broadcast.api.Data;
import dev.broadcast.api.Message;
import dev.broadcast.api.MessageBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts pieces of HTML that go to different places of a page into one event, as out-of-band swaps
 * ({@code hx-swap-oob}) that htmx 2 and htmx 4 understand alike. Not thread-safe.
 *
 * <p>Of all styles but the outer ones htmx takes what is <em>in</em> the element that bears the
 * attribute. With {@code wrap} that is an element made for it, so that the content arrives as it
 * is; without, it is the content's own element, whose tag is then lost.
 *
 * <p>Parts of tables cannot stand beside other elements (WHATWG HTML, 13.2.6): they travel in a
 * {@code <template>}. htmx 2 looks for out-of-band swaps within templates, htmx 4 does not; for it
 * the template is marked as a partial, too. The same is done for selectors with a colon, at which
 * htmx 4 would split them.
 */
public final class OutOfBand {
  private static final Pattern FIRST_TAG = Pattern.compile("^\\s*<([A-Za-z][A-Za-z0-9]*)");

  /** What parts of tables may stand in. */
  private static final Map<String, String> TABLE_PARTS =
      Map.of(
          "tr", "tbody",
          "td", "tr",
          "th", "tr",
          "tbody", "table",
          "thead", "table",
          "tfoot", "table",
          "caption", "table",
          "colgroup", "table",
          "col", "colgroup");

  private final List<String> pieces = new ArrayList<>();

  private OutOfBand() {}

  /** Nothing yet. */
  public static OutOfBand create() {
    return new OutOfBand();
  }

  /** A piece that goes where the listening element says, not out of band. */
  public OutOfBand add(Markup content) {
    pieces.add(content.html());
    return this;
  }

  /**
   * Replaces the element of the same id: {@code hx-swap-oob="true"}.
   *
   * @throws IllegalArgumentException if the element has no id
   */
  public OutOfBand replace(Element element) {
    String id = element.id();
    if (id == null || id.isEmpty()) {
      throw new IllegalArgumentException("element: an id expected");
    }
    Element marked = element.attr("hx-swap-oob", "true");
    if (isTablePart(element.tag())) {
      pieces.add(template(SwapStyle.OUTER_HTML, Escape.idSelector(id), marked));
    } else {
      pieces.add(marked.html());
    }
    return this;
  }

  /** Swaps content, wrapped, into the element with this id. */
  public OutOfBand swap(String targetId, SwapStyle style, Markup content) {
    return swap(targetId, style, content, true);
  }

  /**
   * Swaps content into the element with this id.
   *
   * @param wrap whether an element is made around the content to bear the attribute; with an outer
   *     style that element has the target's id and takes its place. Without, the content must be an
   *     {@link Element}.
   */
  public OutOfBand swap(String targetId, SwapStyle style, Markup content, boolean wrap) {
    Element bearer = wrap ? wrapper(content).add(content) : element(content);
    if (wrap && style.outer()) {
      bearer = bearer.id(targetId);
    }
    return put(bearer, style, Escape.idSelector(targetId));
  }

  /** Swaps content, wrapped, into all elements of a selector. */
  public OutOfBand swapAll(String selector, SwapStyle style, Markup content) {
    return swapAll(selector, style, content, !style.outer());
  }

  /**
   * Swaps content into all elements of a selector.
   *
   * @param wrap as above; not with an outer style, since the wrapper would end up in the page
   */
  public OutOfBand swapAll(String selector, SwapStyle style, Markup content, boolean wrap) {
    if (selector.isBlank()) {
      throw new IllegalArgumentException("selector: at least one character expected");
    }
    if (wrap && style.outer()) {
      throw new IllegalArgumentException("wrap: not with " + style.wire() + " and a selector");
    }
    return put(wrap ? wrapper(content).add(content) : element(content), style, selector);
  }

  /** Takes the element with this id out of the page. */
  public OutOfBand delete(String targetId) {
    return put(Element.of("div"), SwapStyle.DELETE, Escape.idSelector(targetId));
  }

  /** Whether there is nothing to send. */
  public boolean isEmpty() {
    return pieces.isEmpty();
  }

  /** Forgets all pieces. */
  public OutOfBand clear() {
    pieces.clear();
    return this;
  }

  /** All pieces as one piece of HTML, a line each. */
  public String html() {
    return String.join("\n", pieces);
  }

  /**
   * A message of it, to be refined and published.
   *
   * @param type null for an unnamed event, the only kind that htmx 4 swaps by itself
   */
  public MessageBuilder message(@Nullable String type) {
    return Message.builder(type, Data.text(html()));
  }

  private OutOfBand put(Element bearer, SwapStyle style, String selector) {
    Element marked = bearer.attr("hx-swap-oob", style.wire() + ":" + selector);
    boolean inTemplate = isTablePart(bearer.tag()) || selector.indexOf(':') >= 0;
    pieces.add(inTemplate ? template(style, selector, marked) : marked.html());
    return this;
  }

  private static String template(SwapStyle style, String selector, Element marked) {
    return Element.of("template")
        .attr("hx")
        .attr("type", "partial")
        .attr("hx-target", selector)
        .attr("hx-swap", style.outer() ? style.wire() : style.wire() + " strip:true")
        .add(marked)
        .html();
  }

  private static Element element(Markup content) {
    if (content instanceof Element element) {
      return element;
    }
    throw new IllegalArgumentException("content: without a wrapper an Element expected");
  }

  private static Element wrapper(Markup content) {
    Matcher first = FIRST_TAG.matcher(content.html());
    String tag = first.find() ? first.group(1).toLowerCase(Locale.ROOT) : "";
    return Element.of(TABLE_PARTS.getOrDefault(tag, "div"));
  }

  private static boolean isTablePart(String tag) {
    return TABLE_PARTS.containsKey(tag.toLowerCase(Locale.ROOT));
  }
}
