package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.broadcast.front.TestCluster.Setup;
import dev.broadcast.testing.Browser;
import dev.broadcast.testing.Crowd;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The live page in a headless Chromium, with two nodes on a Redis behind it. */
@Timeout(120)
class LivePageIT {
  private static TestCluster cluster;
  private static Browser browser;

  @BeforeAll
  static void start() {
    assumeTrue(Browser.program().isPresent(), "Chromium is not installed");
    cluster = TestCluster.start(Setup.REDIS, "--heartbeat=1s");
    browser = Browser.start();
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
      cluster.close();
    }
  }

  private static FrontNode node() {
    return cluster.node(0);
  }

  private static LivePage page() {
    return LivePage.open(browser, node().uri().resolve("/")).awaitShown();
  }

  @Test
  void whatTheFormPublishesIsInTheTailAndInTheCurl() {
    try (LivePage page = page()) {
      page.type("tail-topic", "form");
      page.click("#tail-go");
      page.awaitText("tail-state", "listening to form");
      page.awaitText("tail-hint", "curl -H 'Content-Type: application/json' -d");
      page.type("publish-topic", "form");
      page.type("publish-type", "update");
      page.type("publish-data", "it's <b>here</b>");
      page.click("#publish-form .primary");
      page.awaitText("publish-result", "Stored as ");
      page.awaitText("publish-result", "1 connection of 2 nodes");
      page.await("document.querySelectorAll('#tail-list .line').length === 1");
      assertTrue(page.text("tail-list").endsWith("updateit's <b>here</b>"), page.text("tail-list"));
      assertEquals(
          "curl -H 'Content-Type: application/json' -d"
              + " '{\"topic\":\"form\",\"data\":\"it'\\''s <b>here</b>\",\"type\":\"update\"}' "
              + node().uri().resolve("/events"),
          page.text("publish-curl"));
      page.await("document.getElementById('tail-hint').hidden");
      page.click("#tail-list .line");
      page.awaitText("tail-detail", "it's <b>here</b>");
      // and replay from there is up to date
      page.click("#tail-detail button");
      page.awaitText("replay-text", "Up to date");
      assertEquals(List.of(), page.wrong());
    }
  }

  @Test
  void theTailFiltersAndShowsWhatWasThereBefore() {
    node().publish("filtered", "create", "apple one");
    node().publish("filtered", "update", "apple two");
    node().publish("filtered", "update", "pear three");
    try (LivePage page = page()) {
      page.type("tail-topic", "filtered");
      page.type("tail-type", "update");
      page.click("#tail-go");
      page.await("document.querySelectorAll('#tail-list .line').length === 2");
      page.type("tail-holds", "APPLE");
      page.await("document.querySelectorAll('#tail-list .line').length === 1");
      assertTrue(page.text("tail-list").endsWith("apple two"), page.text("tail-list"));
    }
  }

  @Test
  void replayTellsWhatAClientGets() {
    String first = node().publish("replayed", "one");
    node().publish("replayed", "two");
    node().publish("replayed", "three");
    try (LivePage page = page()) {
      page.type("replay-topic", "replayed");
      page.type("replay-id", first);
      page.click("#replay-form button");
      page.awaitText("replay-text", "2 messages after this id, none missing");
      page.awaitText("replay-rows", "three");
      page.type("replay-id", "nonsense");
      page.click("#replay-form button");
      page.awaitText("replay-text", "Reset (");
    }
  }

  @Test
  void closesAConnectionWhereverItIs() {
    try (LivePage page = page();
        OpenStream victim =
            cluster.node(1).listen("kind=victim&topic=v&meta.who=me").awaitConnected();
        OpenStream other = cluster.node(1).listen("kind=other&topic=v").awaitConnected()) {
      node().publish("v", "who gets it has arrived");
      victim.awaitMessages(1);
      page.type("connections-kind", "victim");
      page.click("#connections-form button");
      page.awaitText("connections-rows", "victim");
      page.await("document.querySelectorAll('#connections-rows tr').length === 1");
      assertTrue(page.text("connections-rows").contains("connected"));
      page.click("#connections-rows button");
      victim.awaitEnd();
      page.await("document.querySelectorAll('#connections-rows tr').length === 0");
      assertFalse(other.ended());
    }
  }

  @Test
  void showsTheClusterAndDrawsItsFigures() {
    try (LivePage page = page();
        OpenStream listener = cluster.node(1).listen("topic=figures").awaitConnected()) {
      Await.until(
          "points",
          () -> {
            node().publish("figures", "m");
            return page.run(drawn("chart-delivered") + ">20 &&" + drawn("chart-latency") + ">20")
                .asBoolean();
          });
      assertFalse(listener.messages().isEmpty());
      page.awaitText("state-text", "2 nodes ready");
      page.await("document.querySelectorAll('#nodes-rows tr').length === 2");
      page.awaitText("topics-rows", "figures");
      page.await("/^[0-9.]+ m?s$/.test(document.getElementById('tile-backplane').textContent)");
    }
  }

  /** How many points of a chart's canvas have the first line's colour. */
  private static String drawn(String chart) {
    return """
        (() => {
          const canvas = document.querySelector('#CHART canvas');
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          let found = 0;
          for (let i = 0; i < data.length; i += 4) {
            // Nearly opaque, and nearly #0072b2
            found += data[i] < 20 && Math.abs(data[i + 1] - 114) < 20 && data[i + 2] > 150 && data[i + 3] > 200;
          }
          return found;
        })()"""
        .replace("CHART", chart);
  }

  @Test
  void worksBelowAPrefix() {
    try (Program program = Program.mounting("/deep/live", List.of(), "--drain=100ms");
        LivePage page = LivePage.open(browser, program.uri().resolve("/deep/live"))) {
      page.awaitShown();
      page.click("#publish-form .primary");
      page.awaitText("tail-list", "Hello from the live page");
      page.awaitText("publish-curl", program.uri() + "/deep/live/events");
      page.awaitText("connections-rows", "live-page");
      assertEquals(List.of(), page.wrong());
    }
  }

  @Test
  void asksForTheKeyAndKeepsItInItsTabOnly() {
    try (FrontNode node =
            FrontNode.start(List.of("--admin-key=the-admin", "--publish-key=the-publisher"));
        LivePage page = LivePage.open(browser, node.uri().resolve("/"))) {
      page.await("document.getElementById('keys').open");
      page.type("key-admin", "wrong");
      page.press("Enter", 13);
      page.await("document.getElementById('keys').open");
      page.awaitText("keys-problem", "credential");
      page.type("key-admin", "the-admin");
      page.click("#keys-form .primary");
      page.awaitShown();
      page.await("!document.getElementById('nodes').hidden");
      page.click("#publish-form .primary");
      page.awaitText("publish-result", "Stored as ");
      assertTrue(page.text("publish-curl").contains("Bearer $BROADCAST_KEY"));
      assertFalse(page.run("document.documentElement.outerHTML").asText().contains("the-admin"));
      assertEquals(0, page.run("localStorage.length").asInt());
      assertEquals("", page.run("document.cookie").asText());
      assertFalse(
          page.run("JSON.stringify(performance.getEntries()) + location")
              .asText()
              .contains("-admin"));
      assertEquals(List.of(), page.wrong());
    }
  }

  @Test
  void withoutTheAdministrationKeyItShowsWhatAnybodyMaySee() {
    try (FrontNode node =
            FrontNode.start(List.of("--admin-key=the-admin", "--publish-key=the-publisher"));
        LivePage page = LivePage.open(browser, node.uri().resolve("/"))) {
      page.await("document.getElementById('keys').open");
      page.click("#keys-cancel");
      page.awaitShown();
      assertTrue(page.run("document.getElementById('nodes').hidden").asBoolean());
      assertTrue(page.run("document.getElementById('connections').hidden").asBoolean());
      page.awaitText("tail-state", "listening to global");
      page.click("#publish-form .primary");
      page.await("document.getElementById('keys').open");
      page.type("key-publish", "the-publisher");
      page.press("Enter", 13);
      page.awaitText("publish-result", "Stored as ");
      page.awaitText("tail-list", "Hello from the live page");
    }
  }

  @Test
  void nothingMovesWhileFiguresChangeAndNodesComeAndGo() {
    try (LivePage page = page()) {
      page.awaitText("nodes-note", "2 nodes");
      String known = page.run("document.querySelector('#nodes-rows th').textContent").asText();
      assertFalse(known.isEmpty());
      for (int round = 0; round < 60; round++) {
        for (int i = 0; i < round; i++) {
          node().publish("global", "x".repeat(round));
        }
      }
      page.await("document.querySelectorAll('#tail-list .line').length === 60");
      assertEquals(List.of(), page.wrong());
    }
  }

  @Test
  void fitsAPhone() {
    try (LivePage page = page()) {
      page.size(360, 740);
      page.awaitText("nodes-note", "2 nodes");
      page.await(
          """
          [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility()
            && !e.closest('.hidden, .skip') && !e.parentElement.closest('.scroll, pre')
            && e.getBoundingClientRect().right > document.documentElement.clientWidth)
            .length === 0""");
      assertEquals(360, page.run("innerWidth").asInt());
      assertTrue(page.run("document.documentElement.scrollWidth <= 360").asBoolean());
    }
  }

  @Test
  void isSmallAndComesFromItsNodeAlone() {
    try (LivePage page = page()) {
      JsonNode files =
          page.run(
              "performance.getEntries().filter((e) => e.entryType === 'navigation' ||"
                  + " /\\/page\\//.test(e.name)).map((e) => ({ name: e.name, bytes: e.encodedBodySize,"
                  + " whole: e.decodedBodySize }))");
      int bytes = 0;
      for (JsonNode file : files) {
        bytes += file.path("bytes").asInt();
      }
      assertTrue(files.size() > 20, files.toString());
      assertTrue(bytes > 30_000 && bytes < 100_000, bytes + " bytes: " + files);
      String others =
          page.run(
                  "performance.getEntriesByType('resource').map((e) => e.name)"
                      + ".filter((name) => !name.startsWith(location.origin)).join()")
              .asText();
      assertEquals("", others);
    }
  }

  @Test
  void everythingIsReachedByKeyboardWithAFocusThatIsSeen() {
    try (LivePage page = page()) {
      page.type("tail-topic", "typed");
      page.click("#tail-go");
      page.awaitText("tail-state", "listening to typed");
      TreeSet<String> wanted = new TreeSet<>();
      page.run(
              """
              (() => {
                let n = 0;
                const all = document.querySelectorAll('a, button, input, textarea, [tabindex="0"]');
                return [...all].filter((e) => !e.disabled && e.checkVisibility()).map((e) => e.dataset.n = String(n++));
              })()""")
          .forEach(name -> wanted.add(name.asText()));
      page.run("document.activeElement.blur(); window.scrollTo(0, 0)");
      TreeSet<String> reached = new TreeSet<>();
      for (int i = 0; i < wanted.size() + 10; i++) {
        page.press("Tab", 9);
        JsonNode focus =
            page.run(
                "(() => { const e = document.activeElement; const s = getComputedStyle(e);"
                    + " return { n: e.dataset.n, name: e.outerHTML.slice(0, 80), width: parseFloat(s.outlineWidth),"
                    + " style: s.outlineStyle }; })()");
        if (focus.has("n")) {
          reached.add(focus.path("n").asText());
          assertTrue(
              focus.path("width").asDouble() >= 2 && !focus.path("style").asText().equals("none"),
              "no visible focus: " + focus);
        }
      }
      wanted.removeAll(reached);
      assertEquals(new TreeSet<>(), wanted);
      // and the tail's messages with the arrows
      node().publish("typed", "by keyboard");
      page.awaitText("tail-list", "by keyboard");
      page.run("document.getElementById('tail-list').focus()");
      page.press("ArrowDown", 40);
      page.awaitText("tail-detail", "by keyboard");
      assertEquals(
          0,
          page.run(
                  "[...document.querySelectorAll('input, textarea, button')].filter((e) =>"
                      + " !(e.labels?.length || e.textContent.trim() || e.ariaLabel)).length")
              .asInt());
    }
  }

  @Test
  void theSelfTestFindsNothingOnADirectWay() {
    try (LivePage page = page()) {
      page.click("#self-go");
      page.await("document.getElementById('self-verdict').dataset.verdict === 'fine'");
      page.awaitText("self-text", "Fine");
      page.await("document.querySelectorAll('#self-picture .got').length === 8");
      page.awaitText("self-facts", "http/1.1");
    }
  }

  @Test
  void theSelfTestFindsAProxyThatHoldsBackOrCollectsOrCuts() {
    for (Map.Entry<MeddlingProxy.Habit, String> expected :
        Map.of(
                MeddlingProxy.Habit.HOLDS,
                "Buffered: events arrive only when the stream ends",
                MeddlingProxy.Habit.COLLECTS,
                "Buffered: events arrive in lumps",
                MeddlingProxy.Habit.CUTS,
                "Cut after")
            .entrySet()) {
      try (FrontNode quiet = FrontNode.start(List.of("--heartbeat=1h"));
          MeddlingProxy proxy = new MeddlingProxy(quiet.uri(), expected.getKey());
          LivePage page = LivePage.open(browser, proxy.uri().resolve("/")).awaitShown()) {
        page.click("#self-go");
        page.awaitText("self-text", expected.getValue());
      }
    }
  }

  @Test
  void staysSmallAndQuickWithThousandsOfConnections() {
    int many = 2000;
    try (FrontNode node = FrontNode.start(List.of());
        Crowd crowd = new Crowd()) {
      int alone = node.get("/cluster").text().length();
      for (int i = 0; i < many; i++) {
        crowd.join(node.uri(), "topic=crowd&kind=member", "", 0, new int[26]);
      }
      Await.until("all are there", () -> node.get("/cluster").text().contains(":" + many + ","));
      assertTrue(node.get("/cluster").text().length() < alone + 50);
      try (LivePage page = LivePage.open(browser, node.uri().resolve("/")).awaitShown()) {
        page.run(
            "window.long = []; new PerformanceObserver((l) => l.getEntries().forEach((e) =>"
                + " long.push(e.duration))).observe({ type: 'longtask' })");
        page.awaitText("tile-connections", "2,001");
        page.awaitText("connections-note", "50 of 2,001");
        String first = page.text("connections-rows");
        page.click("#connections-next");
        page.await("document.querySelectorAll('#connections-rows tr').length === 50");
        page.await("!document.getElementById('connections-first').disabled");
        assertNotEquals(first, page.text("connections-rows"));
        page.click("#connections-first");
        page.await("document.getElementById('connections-first').disabled");
        // Half a second would be felt; a machine that builds something beside it is slow, too.
        assertTrue(page.run("Math.max(0, ...long) < 500").asBoolean(), page.run("long").toString());
        assertTrue(page.run("document.querySelectorAll('*').length").asInt() < 1500);
      }
    }
  }

  @Test
  void reckonsQuantilesOfBuckets() {
    try (LivePage page = page()) {
      JsonNode values =
          page.run(
              """
              import('./page/figures.js').then(({ quantile }) => [
                quantile([1, 2, 5], [0, 0, 0, 0], 0.5),
                quantile([1, 2, 5], [10, 0, 0, 0], 0.5),
                quantile([1, 2, 5], [0, 4, 4, 0], 0.75),
                quantile([1, 2, 5], [0, 0, 0, 3], 0.99)])""");
      assertEquals("[null,0.5,3.5,5]", values.toString());
    }
  }
}
