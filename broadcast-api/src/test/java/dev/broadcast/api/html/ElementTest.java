package dev.broadcast.api.html;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.broadcast.api.Data;
import dev.broadcast.api.InvalidMessageException;
import dev.broadcast.api.PublishedMessage;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElementTest {

  @Test
  void escapesTextAndAttributes() {
    assertEquals(
        "<p title=\"&quot;&gt;&lt;b&gt;\" hidden>&lt;script&gt;alert(&#39;x&#39;) &amp;"
            + " more&lt;/script&gt;</p>",
        Element.of("p")
            .attr("title", "\"><b>")
            .attr("hidden")
            .text("<script>alert('x') & more</script>")
            .html());
  }

  @Test
  void leavesAsItIsOnlyWhatIsDeclaredRaw() {
    assertEquals(
        "<ul id=\"l\"><li>&lt;a&gt;</li><b>b</b></ul>",
        Element.of("ul")
            .id("l")
            .add(Element.of("li").text("<a>"))
            .add(Markup.raw("<b>b</b>"))
            .html());
    assertEquals(
        "&lt;a&gt;<b></b>", Markup.of(List.of(Markup.text("<a>"), Element.of("b"))).html());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a>", "on\"x", "a=b", "a/b", "a\n", "'", "<"})
  void refusesNamesThatWouldBreakOut(String name) {
    assertThrows(InvalidMessageException.class, () -> Element.of(name));
    assertThrows(InvalidMessageException.class, () -> Element.of("p").attr(name, ""));
  }

  @Test
  void voidElementsHaveNoContentAndNoEndTag() {
    assertEquals("<br>", Element.of("br").html());
    assertThrows(IllegalStateException.class, () -> Element.of("img").text("a"));
  }

  @Test
  void aScriptCannotBeEndedFromWithin() {
    assertEquals(
        "<script>let a = \"<\\/script><\\!--\";</script>",
        Element.script("let a = \"</script><!--\";").html());
    assertThrows(IllegalStateException.class, () -> Element.of("script").text("a < b"));
  }

  @Test
  void anElementIsNeverChanged() {
    Element empty = Element.of("p");
    empty.attr("a", "b").text("c");
    assertEquals("<p></p>", empty.html());
    assertEquals("<p a=\"2\"></p>", empty.attr("a", "1").attr("a", "2").html());
  }

  @Test
  void thePlainElementBuilderEscapesWhateverWasPublished() {
    Markup text =
        ElementBuilder.plain()
            .build(
                new PublishedMessage(
                    "i", "t", "update", Data.text("<b>"), Instant.EPOCH, List.of(), null));
    assertEquals("<p data-id=\"i\" data-type=\"update\">&lt;b&gt;</p>", text.html());
    Markup json =
        ElementBuilder.plain()
            .build(
                new PublishedMessage(
                    "i", "t", null, Data.json("{\"a\":1}"), Instant.EPOCH, List.of(), null));
    assertEquals("<pre data-id=\"i\">{&quot;a&quot;:1}</pre>", json.html());
  }

  @Test
  void idsAreEscapedAsCssEscapeDoes() {
    assertEquals("#job-7_a", Escape.idSelector("job-7_a"));
    assertEquals("#a\\:b\\.c\\/d", Escape.idSelector("a:b.c/d"));
    assertEquals("#\\37 a", Escape.idSelector("7a"));
    assertEquals("#-\\37 ", Escape.idSelector("-7"));
    assertEquals("#\\-", Escape.idSelector("-"));
    assertEquals("#é\\ x", Escape.idSelector("é x"));
  }
}
