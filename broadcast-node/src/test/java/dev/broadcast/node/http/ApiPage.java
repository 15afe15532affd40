package dev.broadcast.node.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The Markdown that {@link ApiReference} writes, and no other, as an HTML page of its own. */
final class ApiPage {
  private static final String STYLE =
      """
      :root { color-scheme: light dark; --line: #8886; --soft: #8882; --link: light-dark(#1d4ed8, #93b4ff); }
      body { font: 15px/1.5 system-ui, sans-serif; margin: 0; display: grid; grid-template-columns: 17rem minmax(0, 52rem); gap: 2.5rem; }
      nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; box-sizing: border-box; padding: 1.5rem 1rem; border-right: 1px solid var(--line); font-size: .9rem; }
      nav b { display: block; margin-top: 1rem; }
      nav a { display: block; text-decoration: none; padding: .1rem 0; overflow-wrap: anywhere; }
      main { padding: 1rem 1rem 6rem; }
      a { color: var(--link); }
      h2 { margin-top: 3rem; border-bottom: 1px solid var(--line); }
      h3 { margin-top: 2.2rem; }
      code { font: .92em ui-monospace, monospace; background: var(--soft); border-radius: .25rem; padding: .1em .3em; }
      h3 code, nav code { background: none; padding: 0; }
      table { border-collapse: collapse; width: 100%; margin: 1rem 0; display: block; overflow-x: auto; }
      th { text-align: left; font-weight: 600; }
      td, th { border-bottom: 1px solid var(--line); padding: .3rem .8rem .3rem 0; vertical-align: top; }
      @media (max-width: 50rem) { body { display: block; } nav { position: static; height: auto; border: 0; } }
      """;

  private final StringBuilder main = new StringBuilder();
  private final StringBuilder nav = new StringBuilder();

  ApiPage(String markdown) {
    List<String> table = new ArrayList<>();
    for (String line : markdown.lines().toList()) {
      if (line.startsWith("| ")) {
        table.add(line);
        continue;
      }
      table(table);
      if (line.startsWith("#")) {
        heading(line);
      } else if (!line.isBlank()) {
        main.append("<p>").append(inline(line)).append("</p>\n");
      }
    }
    table(table);
  }

  String html() {
    return "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
        + "<meta name=\"viewport\" content=\"width=device-width\">\n<title>Broadcast: HTTP calls</title>\n"
        + "<style>\n"
        + STYLE
        + "</style>\n<nav>\n<a href=\"openapi.yaml\">openapi.yaml</a>\n"
        + nav
        + "</nav>\n<main>\n"
        + main
        + "</main>\n</html>\n";
  }

  /** As GitHub makes them. */
  static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ', '-');
  }

  private void heading(String line) {
    int level = line.indexOf(' ');
    String text = line.substring(level + 1);
    String id = anchor(text);
    main.append("<h" + level + " id=\"" + id + "\">" + inline(text) + "</h" + level + ">\n");
    if (level == 2) {
      nav.append("<b>" + inline(text) + "</b>\n");
    } else if (level == 3) {
      nav.append("<a href=\"#" + id + "\">" + inline(text) + "</a>\n");
    }
  }

  private void table(List<String> rows) {
    if (rows.isEmpty()) {
      return;
    }
    main.append("<table>\n");
    for (int i = 0; i < rows.size(); i++) {
      if (i != 1) {
        String cell = i == 0 ? "th" : "td";
        String row = rows.get(i).substring(2, rows.get(i).length() - 2);
        main.append("<tr>");
        for (String text : row.split(" \\| ", -1)) {
          main.append("<" + cell + ">").append(inline(text.strip())).append("</" + cell + ">");
        }
        main.append("</tr>\n");
      }
    }
    main.append("</table>\n");
    rows.clear();
  }

  private static String inline(String text) {
    return text.replace("\\|", "|")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replaceAll("`([^`]*)`", "<code>$1</code>")
        .replaceAll("\\[([^\\]]*)\\]\\((#[^)]*)\\)", "<a href=\"$2\">$1</a>");
  }
}
