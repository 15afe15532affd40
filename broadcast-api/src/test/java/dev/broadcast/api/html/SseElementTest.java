package dev.broadcast.api.html;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The markup; what it does is tested with htmx in a browser. */
class SseElementTest {

  @Test
  void listensWithHtmx2() {
    assertEquals(
        "<div hx-ext=\"sse\" sse-connect=\"/events?topic=a&amp;topic=b\" sse-swap=\"update,message\""
            + " hx-swap=\"beforeend\" hidden id=\"s\" data-x=\"1\"></div>",
        SseElement.connect("/events?topic=a&topic=b")
            .swapping("update", "message")
            .style(SwapStyle.BEFORE_END)
            .hide()
            .id("s")
            .attr("data-x", "1")
            .only(Htmx.TWO)
            .element()
            .html());
  }

  @Test
  void listensWithHtmx4() {
    assertEquals(
        "<div hx-sse:connect=\"/events\" hx-status:4xx=\"swap:none\""
            + " hx-status:5xx=\"swap:none\" hx-swap=\"innerHTML\"></div>",
        SseElement.connect("/events").only(Htmx.FOUR).element().html());
  }

  @Test
  void listensWithWhicheverIsThere() {
    String html = SseElement.connect("/events").element().html();
    assertTrue(html.contains(" sse-connect=\"/events\""), html);
    assertTrue(html.contains(" hx-sse:connect=\"/events\""), html);
  }

  @Test
  void refusesTypesThatHtmxWouldSplit() {
    assertThrows(IllegalArgumentException.class, () -> SseElement.connect("/").swapping("a,b"));
  }

  @Test
  void scriptsCarryTheirSettings() {
    String reconnection = SseScripts.reconnection().html();
    assertTrue(
        reconnection.contains("({\"checkInterval\":5000,\"tries\":5,\"debug\":false});</script>"),
        reconnection);
    String statistics = SseScripts.statistics("/s?a=</script>", Duration.ofSeconds(10)).html();
    assertTrue(
        statistics.contains("({\"endpoint\":\"/s?a=\\u003c/script>\",\"interval\":10000});"),
        statistics);
    assertTrue(SseScripts.cleanup().html().contains("pagehide"));
    assertFalse(SseScripts.namedEvents().html().contains("<!--"));
    assertThrows(
        IllegalArgumentException.class, () -> SseScripts.reconnection(Duration.ZERO, 5, false));
  }
}
