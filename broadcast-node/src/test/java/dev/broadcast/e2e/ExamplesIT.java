package dev.broadcast.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.broadcast.testing.Browser;
import dev.broadcast.testing.NpmPackages;
import dev.broadcast.testing.TestRedis;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is in {@code examples}, started as their readers start it and used in a headless Chromium as
 * they would use it. With {@code -Dbroadcast.write=true} their pictures in {@code docs} are taken
 * anew. Left out where there is no Chromium; CI has it.
 */
@Timeout(180)
class ExamplesIT {
  private static final Path PICTURES =
      Path.of(System.getProperty("basedir", "."), "../docs/pictures").normalize();
  private static final int LARGEST_PICTURE = 80 * 1024;

  @TempDir Path directory;

  @BeforeEach
  void needs() {
    assumeTrue(Browser.program().isPresent(), "Chromium is not installed");
    assumeTrue(NpmPackages.hasProgram("python3"), "Python is not installed");
  }

  @Test
  void chatTalksAcrossNodesAndTellsWhoComesAndGoes() throws Exception {
    String prefix = TestRedis.freshPrefix();
    String[] flags = {"--redis-url", TestRedis.url(), "--prefix", prefix};
    try (ExampleRun one = new ExampleRun(directory, "chat", flags);
        ExampleRun two = new ExampleRun(directory, "chat", flags);
        Browser browser = Browser.start()) {
      Browser.Tab ann = browser.open(URI.create(one.page() + "&who=Ann"));
      ann.await("Ann is in", "state.textContent.startsWith('on node')");
      // A node hears of one that joins a moment later, and of its clients from then on.
      ann.await(
          "the nodes know each other",
          "fetch(new URLSearchParams(location.search).get('node') + '/status')"
              + ".then(answer => answer.json()).then(status => status.nodes === 2)");
      Browser.Tab ben = browser.open(URI.create(two.page() + "&who=Ben"));
      ann.await("Ben is seen", "talk.textContent.includes('Ben came in')");

      say(ann, "Hello, is the new release out?");
      sees(ben, "Ann Hello, is the new release out?");
      say(ben, "Since ten minutes ago. Two nodes, one Redis: I am on the other one.");
      sees(ann, "Ben Since ten minutes");
      say(ann, "And nobody noticed. <b>Nice</b>.");
      sees(ben, "Ann And nobody noticed. <b>Nice</b>.");
      picture(ann, "chat.png", 780, 520);

      ben.close();
      ann.await("Ben's leave", "talk.textContent.includes('Ben left')");
      say(ann, "See you.");
      Browser.Tab again = browser.open(URI.create(two.page() + "&who=Ben"));
      sees(again, "See you.");
      assertEquals(
          4, again.run("talk.querySelectorAll('li:not(.quiet)').length").asInt(), "history");
    }
  }

  private static void say(Browser.Tab tab, String text) {
    tab.run("document.forms[0].text.value = '" + text + "'; document.forms[0].requestSubmit()");
  }

  private static void sees(Browser.Tab tab, String text) {
    tab.await(text, "talk.textContent.includes('" + text + "')");
  }

  @Test
  void dashboardHasItsCurvesAtOnceAndMoves() throws Exception {
    try (ExampleRun run = new ExampleRun(directory, "dashboard");
        Browser browser = Browser.start()) {
      Browser.Tab tab = browser.open(run.page());
      String points = "document.querySelector('#orders polyline').points.numberOfItems";
      tab.await("figures", points + " >= 40");
      String before = tab.run("document.querySelector('#revenue output').value").asText();
      tab.await("more", "document.querySelector('#revenue output').value !== '" + before + "'");
      tab.go(run.page());
      tab.await("the curve after a reload", points + " >= 40");
      picture(tab, "dashboard.png", 780, 300);
    }
  }

  @Test
  void progressIsThereForWhoComesLateAndEnds() throws Exception {
    try (ExampleRun run = new ExampleRun(directory, "progress");
        Browser browser = Browser.start()) {
      Browser.Tab tab = browser.open(run.page());
      tab.run("document.getElementById('start').click()");
      tab.await("half", "bar.value >= 50");
      Browser.Tab late = browser.open(URI.create(tab.run("location.href").asText()));
      late.await("where the job is", "bar.value >= 50");
      assertTrue(late.run("bar.value").asInt() < 100, "it was over before the second page came");
      picture(late, "progress.png", 780, 330);
      for (Browser.Tab each : List.of(tab, late)) {
        each.await("the end", "text.textContent === '100 % – all 100 pages are printed'");
      }
    }
  }

  @Test
  void notificationsReachTheirUserAloneEvenAfterwards() throws Exception {
    try (ExampleRun run = new ExampleRun(directory, "notifications");
        Browser browser = Browser.start()) {
      URI page = run.page();
      Browser.Tab ann = browser.open(page.resolve("?user=ann"));
      Browser.Tab ben = browser.open(page.resolve("?user=ben"));
      notify(ben, "ann", "Your parcel was handed to the courier.");
      notify(ben, "ann", "Ben has answered your question.");
      notify(ben, "ben", "A new device has signed in.");
      ann.await("both", "document.querySelector('#bell b').textContent === '2'");
      ben.await("one", "document.querySelector('#bell b').textContent === '1'");
      assertEquals("Ben has answered your question.", first(ann));
      assertEquals("A new device has signed in.", first(ben));
      ann.close();
      notify(ben, "ann", "Your invoice for October is ready.");
      Browser.Tab later = browser.open(page.resolve("?user=ann"));
      later.await("what came meanwhile", "document.querySelectorAll('#list li').length === 3");
      picture(later, "notifications.png", 780, 420);
    }
  }

  private static void notify(Browser.Tab tab, String user, String text) {
    tab.run(
        "fetch('notify', {method: 'POST', body: new URLSearchParams({to: '"
            + user
            + "', text: '"
            + text
            + "'})}).then(answer => { if (!answer.ok) throw answer.status; })");
  }

  private static String first(Browser.Tab tab) {
    return tab.run("document.querySelector('#list li').textContent").asText();
  }

  @Test
  void tableRowsComeAndChangeInPlace() throws Exception {
    assumeTrue(NpmPackages.hasProgram("npm"), "npm is not installed");
    Path modules = NpmPackages.install("page-libraries").resolve("node_modules");
    try (ExampleRun run = new ExampleRun(directory, "table");
        PackageSite unpkg = new PackageSite(directory, modules)) {
      List<String> switches = new ArrayList<>(unpkg.switches());
      // The page names the quick start's node.
      switches.replaceAll(
          s -> s.replace("MAP", "MAP 127.0.0.1:8080 127.0.0.1:" + run.port() + ", MAP"));
      try (Browser browser = Browser.start(switches.toArray(String[]::new))) {
        Browser.Tab tab = browser.open(run.page());
        tab.await("rows", "document.querySelectorAll('#orders tr').length >= 6");
        tab.await(
            "an order that was shipped",
            "document.querySelector('#order-2 td:nth-child(3)').textContent === 'shipped'");
        assertEquals(
            tab.run("document.getElementById('count').textContent").asInt(),
            tab.run("document.querySelectorAll('#orders tr').length").asInt());
        picture(tab, "table.png", 780, 400);
      }
    }
  }

  private static void picture(Browser.Tab tab, String name, int width, int height)
      throws IOException {
    Path file = PICTURES.resolve(name);
    if (Boolean.getBoolean("broadcast.write")) {
      tab.screenshot(file, width, height);
    }
    assertTrue(Files.exists(file), file + " is missing: run this test with -Dbroadcast.write=true");
    assertTrue(Files.size(file) < LARGEST_PICTURE, file + " has " + Files.size(file) + " bytes");
  }
}
