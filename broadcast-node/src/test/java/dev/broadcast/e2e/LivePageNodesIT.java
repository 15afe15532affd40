package dev.broadcast.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.broadcast.testing.Browser;
import dev.broadcast.testing.Browser.Tab;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The live page while nodes and their Redis die. */
@Timeout(120)
class LivePageNodesIT {
  @TempDir Path directory;

  @Test
  void showsWhoHasGoneAndGoesOnWhenItsOwnNodeIsBack() {
    assumeTrue(Browser.program().isPresent(), "Chromium is not installed");
    try (Cluster cluster = Cluster.start(directory, 3, "--admin-key=only-here");
        Browser browser = Browser.start()) {
      URI page = cluster.uri(0).resolve("/");
      try (Tab tab = browser.open(page)) {
        tab.run("sessionStorage.setItem('broadcast.live-page.admin', 'only-here')");
        tab.go(page);
        text(tab, "state-text", "3 nodes ready");
        // When another node dies without a word
        cluster.node(1).kill();
        text(tab, "state-text", "No answer from");
        text(tab, "nodes-rows", "silent");
        // Then its row stays, and says so
        text(tab, "nodes-rows", "gone");
        text(tab, "nodes-note", "2 nodes, 1 gone");
        text(tab, "state-text", "2 nodes ready");
        // When Redis is away the node that is asked still says what it knows
        cluster.redis().kill();
        text(tab, "tile-backplane", "Away");
        cluster.redis().restart();
        text(tab, "state-text", "2 nodes ready");
        // When its own node dies, it says so, and goes on when that is back
        cluster.node(0).kill();
        text(tab, "state-text", "The node did not answer");
        cluster.revive(0);
        text(tab, "state-text", "nodes ready");
        text(tab, "tail-state", "listening to global");
      }
    }
  }

  private static void text(Tab tab, String id, String part) {
    tab.await(
        id + ": " + part,
        "document.getElementById('" + id + "').textContent.includes('" + part + "')");
  }
}
