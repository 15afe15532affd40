package dev.broadcast.api.html;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.api.Data;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The markup; what htmx makes of it is tested with htmx in a browser. */
class OutOfBandTest {

  @Test
  void replacesAnElementByItsId() {
    assertEquals(
        "<p id=\"a\" hx-swap-oob=\"true\">&lt;</p>",
        OutOfBand.create().replace(Element.of("p").id("a").text("<")).html());
    assertThrows(IllegalArgumentException.class, () -> OutOfBand.create().replace(Element.of("p")));
  }

  @ParameterizedTest
  @EnumSource(
      value = SwapStyle.class,
      names = {"OUTER_HTML", "OUTER_MORPH"},
      mode = EnumSource.Mode.EXCLUDE)
  void wrapsContentInAnElementThatNamesStyleAndTarget(SwapStyle style) {
    assertEquals(
        "<div hx-swap-oob=\"" + style.wire() + ":#a\"><b>x</b></div>",
        OutOfBand.create().swap("a", style, Element.of("b").text("x")).html());
  }

  @Test
  void anOuterSwapIsWrappedInAnElementThatHasTheTargetsId() {
    assertEquals(
        "<div hx-swap-oob=\"outerHTML:#a\" id=\"a\">x</div>"
            .replace(
                "hx-swap-oob=\"outerHTML:#a\" id=\"a\"", "id=\"a\" hx-swap-oob=\"outerHTML:#a\""),
        OutOfBand.create().swap("a", SwapStyle.OUTER_HTML, Markup.text("x")).html());
  }

  @Test
  void withoutWrappingTheElementItselfBearsTheAttribute() {
    assertEquals(
        "<b hx-swap-oob=\"beforeend:#a\">x</b>",
        OutOfBand.create()
            .swap("a", SwapStyle.BEFORE_END, Element.of("b").text("x"), false)
            .html());
    assertThrows(
        IllegalArgumentException.class,
        () -> OutOfBand.create().swap("a", SwapStyle.BEFORE_END, Markup.text("x"), false));
  }

  @Test
  void takesSelectors() {
    assertEquals(
        "<div hx-swap-oob=\"innerHTML:.seen, .new\">x</div>",
        OutOfBand.create().swapAll(".seen, .new", SwapStyle.INNER_HTML, Markup.text("x")).html());
    assertEquals(
        "<b hx-swap-oob=\"outerHTML:.seen\">x</b>",
        OutOfBand.create()
            .swapAll(".seen", SwapStyle.OUTER_HTML, Element.of("b").text("x"))
            .html());
    assertThrows(
        IllegalArgumentException.class,
        () -> OutOfBand.create().swapAll(".a", SwapStyle.OUTER_HTML, Element.of("b"), true));
  }

  @Test
  void rowsTravelInATemplateThatBothVersionsUnderstand() {
    Element row = Element.of("tr").id("r1").add(Element.of("td").text("1"));
    assertEquals(
        "<template hx type=\"partial\" hx-target=\"#r1\" hx-swap=\"outerHTML\">"
            + "<tr id=\"r1\" hx-swap-oob=\"true\"><td>1</td></tr></template>",
        OutOfBand.create().replace(row).html());
    assertEquals(
        "<template hx type=\"partial\" hx-target=\"#rows\" hx-swap=\"beforeend strip:true\">"
            + "<tbody hx-swap-oob=\"beforeend:#rows\"><tr id=\"r1\"><td>1</td></tr></tbody>"
            + "</template>",
        OutOfBand.create().swap("rows", SwapStyle.BEFORE_END, row).html());
    assertTrue(
        OutOfBand.create()
            .swap("r1", SwapStyle.BEFORE_END, Markup.raw("  <TD>2</TD>"))
            .html()
            .contains("<tr hx-swap-oob=\"beforeend:#r1\">  <TD>2</TD></tr></template>"));
  }

  @Test
  void selectorsWithAColonTravelInATemplateToo() {
    assertEquals(
        "<template hx type=\"partial\" hx-target=\"li:first-child\" hx-swap=\"innerHTML strip:true\">"
            + "<div hx-swap-oob=\"innerHTML:li:first-child\">x</div></template>",
        OutOfBand.create()
            .swapAll("li:first-child", SwapStyle.INNER_HTML, Markup.text("x"))
            .html());
  }

  @Test
  void severalPiecesAreOneUnnamedMessageUntilTheyAreCleared() {
    OutOfBand pieces =
        OutOfBand.create()
            .add(Markup.text("main"))
            .swap("a", SwapStyle.INNER_HTML, Markup.text("x"))
            .delete("b");
    assertEquals(
        Data.text(
            "main\n<div hx-swap-oob=\"innerHTML:#a\">x</div>\n"
                + "<div hx-swap-oob=\"delete:#b\"></div>"),
        pieces.message(null).build().data());
    assertEquals(null, pieces.message(null).build().type());
    assertTrue(pieces.clear().isEmpty());
    assertEquals("", pieces.html());
  }
}
