package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.broadcast.api.Message;
import dev.broadcast.api.client.BroadcastClient;
import dev.broadcast.api.html.Element;
import dev.broadcast.api.html.Htmx;
import dev.broadcast.api.html.Markup;
import dev.broadcast.api.html.OutOfBand;
import dev.broadcast.api.html.SseElement;
import dev.broadcast.api.html.SseScripts;
import dev.broadcast.api.html.SwapStyle;
import dev.broadcast.api.html.TurboStream;
import dev.broadcast.testing.Browser;
import dev.broadcast.testing.NpmPackages;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What pages with htmx 2, htmx 4 and Turbo make of what the HTML helpers write, in a headless
 * Chromium. Left out where that or npm is not installed; CI has both.
 */
@Timeout(120)
class HtmxIT {
  /** The libraries that a page loads. */
  enum Version {
    HTMX_2(Htmx.TWO, "/npm/htmx2/dist/htmx.js", "/npm/htmx-ext-sse/sse.js"),
    HTMX_4(Htmx.FOUR, "/npm/htmx4/dist/htmx.js", "/npm/htmx4/dist/ext/hx-sse.js");

    private final Htmx htmx;
    private final String library;
    private final String extension;

    Version(Htmx htmx, String library, String extension) {
      this.htmx = htmx;
      this.library = library;
      this.extension = extension;
    }

    String scripts() {
      return Element.of("script").attr("src", library).html()
          + Element.of("script").attr("src", extension).html();
    }
  }

  private static final AtomicInteger TOPICS = new AtomicInteger();
  private static final Duration OFTEN = Duration.ofMillis(100);

  private static FrontNode node;
  private static BroadcastClient client;
  private static Browser chromium;
  private static Browser.Tab browser;
  private static WebSite site;

  private final String topic = "htmx-" + TOPICS.incrementAndGet();

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Browser.program().isPresent(), "Chromium is not installed");
    assumeTrue(NpmPackages.hasProgram("npm"), "npm is not installed");
    node = FrontNode.start(List.of("--drain=500ms", "--heartbeat=200ms"));
    client = BroadcastClient.of(node.uri());
    site = new WebSite(node.uri(), NpmPackages.install("page-libraries"));
    chromium = Browser.start();
    browser = chromium.open(site.put("/blank", "<!doctype html>"));
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      chromium.close();
      site.close();
      client.close();
      node.close();
    }
  }

  @BeforeEach
  void streamsPass() {
    site.refuseStreams(0);
  }

  private SseElement listening() {
    return SseElement.connect("/events?topic=" + topic).id("sse");
  }

  /** Shows a page and waits until its stream is open. */
  private void show(Version version, String body, Element... scripts) {
    int before = site.opened();
    StringBuilder page = new StringBuilder("<!doctype html><html><head><title>t</title>");
    for (Element script : scripts) {
      page.append(script.html());
    }
    page.append(version.scripts());
    page.append("</head><body>").append(body).append("</body></html>");
    browser.go(site.put("/" + topic, page.toString()));
    Await.until("the page listens", () -> site.opened() > before);
  }

  private void publish(String type, String html) {
    client.publish(Message.builder(type, html).topic(topic).build()).join();
  }

  private static void await(String expression) {
    browser.await(expression, expression);
  }

  private static String html(String selector) {
    return browser.run("document.querySelector('" + selector + "')?.outerHTML").asText();
  }

  private static String text(String selector) {
    return browser.run("document.querySelector('" + selector + "')?.textContent").asText();
  }

  @ParameterizedTest
  @EnumSource
  void swapsUnnamedEventsAndEscapesWhatWasText(Version version) {
    show(version, listening().style(SwapStyle.BEFORE_END).only(version.htmx).element().html());
    publish(null, Element.of("p").text("<img src=x onerror=\"window.hurt=1\">").html());
    publish(null, Element.of("p").text("second").html());
    await("document.querySelectorAll('#sse > p').length === 2");
    assertEquals("<img src=x onerror=\"window.hurt=1\">", text("#sse > p"));
    assertTrue(browser.run("window.hurt ?? null").isNull());
  }

  @ParameterizedTest
  @EnumSource
  void onePageForBothVersionsSwapsTheTypesItNames(Version version) {
    String below = "<p id=\"below\" sse-swap=\"status\" hx-swap=\"innerHTML\">none</p>";
    show(
        version,
        listening()
            .swapping("update", "note")
            .style(SwapStyle.BEFORE_END)
            .element()
            .add(Markup.raw(below))
            .html(),
        SseScripts.namedEvents());
    publish("update", "<i>1</i>");
    publish("other", "<i>not</i>");
    publish(null, "<i>unnamed</i>");
    publish("status", "fine");
    publish("note", "<i>2</i>");
    await("document.querySelectorAll('#sse > i').length === 2");
    assertEquals(
        "12",
        browser
            .run("[...document.querySelectorAll('#sse > i')].map((e) => e.textContent).join('')")
            .asText());
    assertEquals("fine", text("#below"));
  }

  @Test
  void htmx4AloneSwapsUnnamedEventsOnly() {
    show(
        Version.HTMX_4,
        listening()
            .swapping("update")
            .style(SwapStyle.BEFORE_END)
            .only(Htmx.FOUR)
            .element()
            .html());
    publish("update", "<i>named</i>");
    publish(null, "<i>unnamed</i>");
    await("document.querySelectorAll('#sse > i').length > 0");
    assertEquals("unnamed", text("#sse"));
  }

  @ParameterizedTest
  @EnumSource
  void everyOutOfBandStyleInOneEventFindsItsPlace(Version version) {
    show(
        version,
        listening().style(SwapStyle.NONE).hide().only(version.htmx).element().html()
            + "<main><div id='inner'><i>old</i></div><div id='outer'>old</div><p id='text'>old</p>"
            + "<ul id='list'><li>0</li></ul><div id='gone'>x</div><div id='kept'>kept</div>"
            + "<b class='all'>old</b><b class='all'>old</b><div id='true'>old</div>"
            + "<div id='job:7'>old</div><ul class='first'><li>a</li><li>b</li></ul>"
            + "<table><tbody id='rows'><tr id='r1'><td>old</td></tr></tbody></table></main>");
    OutOfBand pieces =
        OutOfBand.create()
            .replace(Element.of("div").id("true").text("new"))
            .swap("inner", SwapStyle.INNER_HTML, Element.of("i").text("new"))
            .swap("outer", SwapStyle.OUTER_HTML, Element.of("i").text("new"))
            .swap("text", SwapStyle.TEXT_CONTENT, Markup.text("<new>"))
            .swap("list", SwapStyle.BEFORE_END, Element.of("li").text("1"))
            .swap("list", SwapStyle.AFTER_BEGIN, Element.of("li").text("-1"))
            .swap("list", SwapStyle.BEFORE_BEGIN, Element.of("p").id("before"))
            .swap("list", SwapStyle.AFTER_END, Element.of("p").id("after"))
            .swap("kept", SwapStyle.NONE, Markup.text("not shown"))
            .delete("gone")
            .swapAll(".all", SwapStyle.INNER_HTML, Markup.text("new"))
            .swap("job:7", SwapStyle.INNER_HTML, Markup.text("new"))
            .swapAll(".first li:first-child", SwapStyle.INNER_HTML, Markup.text("A"))
            .replace(Element.of("tr").id("r1").add(Element.of("td").text("new")))
            .swap(
                "rows",
                SwapStyle.BEFORE_END,
                Element.of("tr").id("r2").add(Element.of("td").text("2")))
            .swap(
                "inner",
                SwapStyle.BEFORE_END,
                Element.of("section").add(Element.of("u").text("unwrapped")),
                false)
            .swap("kept", SwapStyle.AFTER_END, Element.of("p").id("last"));
    client.publish(pieces.message(null).topic(topic).build()).join();

    await("document.querySelector('#last') !== null");
    await("document.querySelectorAll('#rows tr').length === 2");
    assertEquals("<div id=\"true\">new</div>", plain("#true"));
    assertEquals("<div id=\"inner\"><i>new</i><u>unwrapped</u></div>", plain("#inner"));
    assertEquals("<div id=\"outer\"><i>new</i></div>", plain("#outer"));
    assertEquals("<new>", text("#text"));
    assertEquals("-101", text("#list"));
    assertEquals(
        "before list after",
        browser
            .run(
                "[...document.querySelectorAll('#before,#list,#after')].map((e) => e.id).join(' ')")
            .asText());
    assertEquals("kept", text("#kept"));
    assertTrue(browser.run("document.querySelector('#gone')").isNull());
    assertEquals(
        "newnew",
        browser
            .run("[...document.querySelectorAll('.all')].map((e) => e.textContent).join('')")
            .asText());
    assertEquals("new", browser.run("document.getElementById('job:7').textContent").asText());
    assertEquals("Ab", text(".first"));
    assertEquals("new2", text("#rows"));
    assertEquals(
        "TBODY", browser.run("document.querySelector('#r2').parentElement.tagName").asText());
    assertTrue(browser.run("document.querySelector('main template, #sse *')").isNull());
  }

  /** Without what htmx and this library leave on elements. */
  private static String plain(String selector) {
    return html(selector).replaceAll(" (class|hx-swap-oob|data-htmx-powered|style)=\"[^\"]*\"", "");
  }

  @Test
  void htmx4Morphs() {
    show(
        Version.HTMX_4,
        listening().style(SwapStyle.NONE).only(Htmx.FOUR).element().html()
            + "<div id='m'><p id='p'>old</p></div><div id='o' title='old'><p>old</p></div>");
    browser.run("window.kept = document.querySelector('#p'); true");
    client
        .publish(
            OutOfBand.create()
                .swap("m", SwapStyle.INNER_MORPH, Element.of("p").id("p").text("new"))
                .swap(
                    "o",
                    SwapStyle.OUTER_MORPH,
                    Element.of("div").id("o").attr("title", "new").text("new"),
                    false)
                .message(null)
                .topic(topic)
                .build())
        .join();
    await("document.querySelector('#o').title === 'new'");
    await("window.kept.textContent === 'new' && window.kept.isConnected");
    assertEquals("new", text("#o"));
  }

  @ParameterizedTest
  @EnumSource
  void goesOnWhereItStoppedWhenTheServerIsBack(Version version) {
    show(
        version,
        listening().style(SwapStyle.BEFORE_END).only(version.htmx).element().html(),
        SseScripts.reconnection(OFTEN, 20, true));
    publish(null, "<i>1</i>");
    await("document.querySelectorAll('#sse > i').length === 1");

    site.refuseStreams(502);
    int asked = site.streams().size();
    site.cut();
    publish(null, "<i>2</i>");
    Await.until("it has come back twice", () -> site.streams().size() >= asked + 2);
    publish(null, "<i>3</i>");
    site.refuseStreams(0);
    await("document.querySelectorAll('#sse > i').length >= 3");
    publish(null, "<i>4</i>");
    await("document.querySelectorAll('#sse > i').length >= 4");
    assertEquals("1234", text("#sse"));
  }

  @ParameterizedTest
  @EnumSource
  void givesUpAfterItsTries(Version version) {
    site.refuseStreams(500);
    int asked = site.streams().size();
    showRefused(
        version, "<script>addEventListener('sse:gave-up', () => (window.gaveUp = true))</script>");
    await("window.gaveUp === true");
    assertEquals(asked + 4, site.streams().size(), "the first one and three tries");
    site.refuseStreams(0);
    browser.run("dispatchEvent(new Event('online'))");
    Await.until("it tries again", () -> site.streams().size() > asked + 4);
  }

  private void showRefused(Version version, String more) {
    StringBuilder page = new StringBuilder("<!doctype html><html><head>");
    page.append(SseScripts.reconnection(Duration.ofMillis(50), 3, false).html());
    page.append(version.scripts());
    page.append("</head><body>").append(more);
    page.append(listening().only(version.htmx).element().html()).append("</body></html>");
    browser.go(site.put("/" + topic, page.toString()));
  }

  @ParameterizedTest
  @EnumSource
  void aStreamThatTheServerEndedForGoodStaysClosed(Version version) {
    site.put(
        "/ended.sse",
        """
        retry: 20

        event: connected
        id: a
        data: {}

        id: b
        data: <i>1</i>

        event: closing
        data: {"reason":"until"}

        """);
    StringBuilder page = new StringBuilder("<!doctype html><html><head>");
    page.append(SseScripts.reconnection(Duration.ofMillis(50), 5, false).html());
    page.append(version.scripts());
    page.append("</head><body>")
        .append(
            SseElement.connect("/ended.sse")
                .id("sse")
                .style(SwapStyle.BEFORE_END)
                .only(version.htmx)
                .element()
                .html())
        .append("</body></html>");
    browser.go(site.put("/" + topic, page.toString()));
    await("document.querySelector('#sse > i') !== null");
    // Long enough for the browser's retry, htmx' first pause and several checks.
    browser.run("new Promise((done) => setTimeout(() => done(true), 1500))");
    assertEquals("1", text("#sse"));
  }

  @ParameterizedTest
  @EnumSource
  void leavingThePageClosesItsStreamAndComingBackOpensIt(Version version) {
    show(
        version,
        listening().style(SwapStyle.BEFORE_END).only(version.htmx).element().html(),
        SseScripts.cleanup(),
        SseScripts.reconnection(Duration.ofHours(1), 1, false));
    int asked = site.streams().size();
    publish(null, "<i>1</i>");
    await("document.querySelectorAll('#sse > i').length === 1");
    browser.run(
        "document.addEventListener('htmx:sseClose', () => (window.closed = true));"
            + "document.addEventListener('htmx:sse:close', () => (window.closed = true));"
            + "window.before = document.querySelector('#sse')['htmx-internal-data']?.sseEventSource"
            + " ?? document.querySelector('#sse')._htmx?.sse; dispatchEvent(new PageTransitionEvent"
            + "('pagehide'));"
            + "true");
    await("(window.before.readyState ?? 2) === 2");
    browser.run("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })); true");
    Await.until("a new stream", () -> site.streams().size() > asked);
    await(
        "(document.querySelector('#sse')['htmx-internal-data']?.sseEventSource?.readyState ?? 1)"
            + " === 1");
    publish(null, "<i>2</i>");
    await("document.querySelectorAll('#sse > i').length >= 2");
    assertEquals("12", text("#sse"));
  }

  /** The real thing: the page is frozen with all that is in it, and thawed by the back button. */
  @ParameterizedTest
  @EnumSource
  void aPageFromTheBackForwardCacheGoesOnWhereItStopped(Version version) {
    show(
        version,
        listening().style(SwapStyle.BEFORE_END).only(version.htmx).element().html(),
        SseScripts.cleanup(),
        SseScripts.reconnection(OFTEN, 20, false));
    publish(null, "<i>1</i>");
    await("document.querySelectorAll('#sse > i').length === 1");
    browser.run("window.sameAsBefore = true");
    int asked = site.streams().size();
    browser.go(site.put("/elsewhere", "<!doctype html><title>e</title>"));
    publish(null, "<i>2</i>");
    browser.run("history.back(); true");
    await("document.querySelectorAll('#sse > i').length >= 2");
    assertTrue(browser.run("window.sameAsBefore === true").asBoolean(), "the page was loaded anew");
    publish(null, "<i>3</i>");
    await("document.querySelectorAll('#sse > i').length >= 3");
    assertEquals("123", text("#sse"));
    assertEquals(asked + 1, site.streams().size(), "opened once");
  }

  @ParameterizedTest
  @EnumSource
  void showsStatisticsAndTellsThePage(Version version) {
    site.put(
        "/stats.json", "{\"total\":7,\"active\":5,\"by_type\":{\"user\":3},\"message_count\":42}");
    show(
        version,
        listening().only(version.htmx).element().html()
            + "<b data-sse-stats='total'></b><b data-sse-stats='by_type.user'></b><b"
            + " data-sse-stats='by_type.none'></b><b data-sse-stats='message_count'></b>"
            + "<script>document.addEventListener('sse:stats', (e) => { window.stats = e.detail;"
            + " window.told = (window.told ?? 0) + 1; })</script>",
        SseScripts.statistics("/stats.json", OFTEN));
    await("window.told >= 3");
    assertEquals(
        "7 3 0 42",
        browser
            .run("[...document.querySelectorAll('b')].map((b) => b.textContent).join(' ')")
            .asText());
    assertEquals(5, browser.run("window.stats.active").asInt());
  }

  @Test
  void turboStreamsAreActedOn() {
    int before = site.opened();
    browser.go(
        site.put(
            "/" + topic,
            "<!doctype html><html><head><script"
                + " src='/npm/@hotwired/turbo/dist/turbo.es2017-umd.js'></script></head><body><ul"
                + " id='list'><li id='a'>a</li></ul><p class='x'>old</p><p"
                + " class='x'>old</p><turbo-stream-source src='/events?topic="
                + topic
                + "'></turbo-stream-source></body></html>"));
    Await.until("the page listens", () -> site.opened() > before);
    client
        .publish(
            TurboStream.message(
                    TurboStream.append("list", Element.of("li").id("b").text("<b>")),
                    TurboStream.prepend("list", Element.of("li").id("z").text("z")),
                    TurboStream.before("a", Element.of("li").text("1")),
                    TurboStream.after("a", Element.of("li").text("2")),
                    TurboStream.update("", Markup.text("new")).all(".x"),
                    TurboStream.replace("z", Element.of("li").id("z").text("Z")).morphing(),
                    TurboStream.remove("b"))
                .topic(topic)
                .build())
        .join();
    await("document.querySelector('#list').textContent === 'Z1a2'");
    assertEquals(
        "newnew",
        browser
            .run("[...document.querySelectorAll('.x')].map((e) => e.textContent).join('')")
            .asText());
  }
}
