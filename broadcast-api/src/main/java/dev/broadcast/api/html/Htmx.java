package dev.broadcast.api.html;

/** For which htmx a page is written; the attributes of both do not get in each other's way. */
public enum Htmx {
  /** htmx 2 with htmx-ext-sse. */
  TWO,
  /** htmx 4 with its extension hx-sse. */
  FOUR,
  /** Whichever the page loads. */
  BOTH;

  boolean two() {
    return this != FOUR;
  }

  boolean four() {
    return this != TWO;
  }
}
