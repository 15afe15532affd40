package dev.broadcast.api.html;

/** A piece of HTML that may stand in a page as it is. */
@FunctionalInterface
public interface Markup {
  /** The HTML. */
  String html();

  /** Text, escaped: whatever it holds, it is shown and never obeyed. */
  static Markup text(String text) {
    String escaped = Escape.text(text);
    return () -> escaped;
  }

  /**
   * HTML as it is.
   *
   * @param html trusted: nothing of it is checked or escaped
   */
  static Markup raw(String html) {
    return () -> html;
  }

  /** Several pieces, one after another. */
  static Markup of(Iterable<? extends Markup> pieces) {
    StringBuilder html = new StringBuilder();
    for (Markup piece : pieces) {
      html.append(piece.html());
    }
    return raw(html.toString());
  }
}
