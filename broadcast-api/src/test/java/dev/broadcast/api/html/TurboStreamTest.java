package dev.broadcast.api.html;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.broadcast.api.Data;
import org.junit.jupiter.api.Test;

/** As the reference of Turbo Streams writes them. */
class TurboStreamTest {

  @Test
  void writesEveryAction() {
    Markup content = Element.of("p").text("<");
    String template = "<template><p>&lt;</p></template></turbo-stream>";
    assertEquals(
        "<turbo-stream action=\"append\" target=\"a\">" + template,
        TurboStream.append("a", content).html());
    assertEquals(
        "<turbo-stream action=\"prepend\" target=\"a\">" + template,
        TurboStream.prepend("a", content).html());
    assertEquals(
        "<turbo-stream action=\"replace\" method=\"morph\" target=\"a\">" + template,
        TurboStream.replace("a", content).morphing().html());
    assertEquals(
        "<turbo-stream action=\"update\" target=\"a\">" + template,
        TurboStream.update("a", content).html());
    assertEquals(
        "<turbo-stream action=\"before\" targets=\".a &gt; b\">" + template,
        TurboStream.before("a", content).all(".a > b").html());
    assertEquals(
        "<turbo-stream action=\"after\" target=\"a\">" + template,
        TurboStream.after("a", content).html());
    assertEquals(
        "<turbo-stream action=\"remove\" target=\"a\"></turbo-stream>",
        TurboStream.remove("a").html());
    assertEquals("<turbo-stream action=\"refresh\"></turbo-stream>", TurboStream.refresh().html());
  }

  @Test
  void severalActionsAreOneUnnamedMessage() {
    var message = TurboStream.message(TurboStream.remove("a"), TurboStream.refresh()).build();
    assertEquals(null, message.type());
    assertEquals(
        Data.text(TurboStream.remove("a").html() + TurboStream.refresh().html()), message.data());
  }
}
