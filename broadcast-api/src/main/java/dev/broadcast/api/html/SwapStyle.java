package dev.broadcast.api.html;

/** How htmx puts content into a page. */
public enum SwapStyle {
  INNER_HTML("innerHTML"),
  OUTER_HTML("outerHTML"),
  TEXT_CONTENT("textContent"),
  BEFORE_BEGIN("beforebegin"),
  AFTER_BEGIN("afterbegin"),
  BEFORE_END("beforeend"),
  AFTER_END("afterend"),
  DELETE("delete"),
  NONE("none"),
  /** Only htmx 4. */
  INNER_MORPH("innerMorph"),
  /** Only htmx 4. */
  OUTER_MORPH("outerMorph");

  private final String wire;

  SwapStyle(String wire) {
    this.wire = wire;
  }

  /** As {@code hx-swap} calls it. */
  public String wire() {
    return wire;
  }

  /** Whether the element itself goes into the page; otherwise only what is in it. */
  boolean outer() {
    return this == OUTER_HTML || this == OUTER_MORPH;
  }
}
