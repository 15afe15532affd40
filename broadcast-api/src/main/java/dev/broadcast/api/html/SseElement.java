package dev.broadcast.api.html;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The element of a page that listens. Immutable.
 *
 * <p>htmx 2 swaps the types that {@code sse-swap} names, {@code message} being the unnamed one.
 * htmx 4 swaps unnamed events only and hands the others to the page as DOM events; {@link
 * SseScripts#namedEvents} makes it swap those that {@code sse-swap} names as well.
 *
 * @param endpoint the stream's address, such as {@code /events?topic=orders}
 * @param types which types are swapped
 * @param style how; {@link SwapStyle#NONE} for a stream of out-of-band swaps only, since htmx 2
 *     would empty the element
 * @param hidden whether it cannot be seen
 * @param attributes further ones
 * @param htmx for which htmx
 */
public record SseElement(
    String endpoint,
    List<String> types,
    SwapStyle style,
    boolean hidden,
    Map<String, String> attributes,
    Htmx htmx) {

  public SseElement {
    types = List.copyOf(types);
    attributes = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    for (String type : types) {
      // htmx 2 splits at commas and trims.
      if (type.isBlank() || type.indexOf(',') >= 0 || !type.strip().equals(type)) {
        throw new IllegalArgumentException(
            "types: without commas and spaces around them expected, not " + type);
      }
    }
  }

  /** Shows what comes unnamed. */
  public static SseElement connect(String endpoint) {
    return new SseElement(
        endpoint, List.of("message"), SwapStyle.INNER_HTML, false, Map.of(), Htmx.BOTH);
  }

  /** Swaps these types. */
  public SseElement swapping(String... wanted) {
    return new SseElement(endpoint, List.of(wanted), style, hidden, attributes, htmx);
  }

  /** Swaps like this. */
  public SseElement style(SwapStyle wanted) {
    return new SseElement(endpoint, types, wanted, hidden, attributes, htmx);
  }

  /** Cannot be seen. */
  public SseElement hide() {
    return new SseElement(endpoint, types, style, true, attributes, htmx);
  }

  /** With this id. */
  public SseElement id(String id) {
    return attr("id", id);
  }

  /** With a further attribute. */
  public SseElement attr(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(attributes);
    more.put(name, value);
    return new SseElement(endpoint, types, style, hidden, more, htmx);
  }

  /** Only for this htmx. */
  public SseElement only(Htmx version) {
    return new SseElement(endpoint, types, style, hidden, attributes, version);
  }

  /** The element. */
  public Element element() {
    Element div = Element.of("div");
    if (htmx.two()) {
      div = div.attr("hx-ext", "sse").attr("sse-connect", endpoint);
    }
    // htmx 4 warns of the attribute, and needs none for what it swaps anyway.
    if (!types.isEmpty() && (htmx.two() || !types.equals(List.of("message")))) {
      div = div.attr("sse-swap", String.join(",", types));
    }
    if (htmx.four()) {
      // An answer that is no stream, such as a balancer's 502 page, must not be swapped in.
      div =
          div.attr("hx-sse:connect", endpoint)
              .attr("hx-status:4xx", "swap:none")
              .attr("hx-status:5xx", "swap:none");
    }
    div = div.attr("hx-swap", style.wire());
    return (hidden ? div.attr("hidden") : div).attrs(attributes);
  }
}
