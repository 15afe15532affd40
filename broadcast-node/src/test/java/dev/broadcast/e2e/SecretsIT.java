package dev.broadcast.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.broadcast.testing.Http;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is secret stands in no line that the program prints, no answer, and no list of processes.
 */
@Timeout(60)
class SecretsIT {
  private static final String MARK = "5ecret";

  @TempDir Path directory;

  private String file(String name, String content) throws Exception {
    return "@" + Files.writeString(directory.resolve(name), content + "\n");
  }

  @Test
  void areShownNowhere() throws Exception {
    // Given every secret in a file, and a Redis that is not there to log about
    List<String> flags =
        List.of(
            "--port=0",
            "--subscribe-key=" + file("subscribe", MARK + "-subscribe"),
            "--publish-key=" + file("publish", MARK + "-publish"),
            "--admin-key=" + file("admin", MARK + "-admin"),
            "--jwt-key=" + file("jwt", MARK + "-for-tokens-of-at-least-32-bytes"),
            "--redis-url=" + file("redis", "redis://user:" + MARK + "-redis@127.0.0.1:1/0"));
    List<String> seen = new ArrayList<>();
    try (NodeProcess node = NodeProcess.start(flags)) {
      URI uri = node.uri();
      for (String key :
          List.of(MARK + "-admin", MARK + "-wrong", MARK + ".a.b", "x." + MARK + ".y")) {
        Http http = new Http(key);
        for (String target : List.of("/status", "/history", "/events?x=1")) {
          seen.add(http.get(uri, target).text());
        }
        seen.add(http.post(uri, "/events", Map.of("data", 1), Map.of()).text());
        seen.add(http.post(uri, "/tickets", Map.of(), Map.of()).text());
        seen.add(
            http.request(uri, "GET", "/status", "", Map.of("Cookie", "broadcast_token=" + key))
                .text());
      }
      seen.add(new Http("").get(uri, "/events?ticket=" + MARK).text());
      assertEquals(200, new Http(MARK + "-admin").get(uri, "/status").status());
      seen.add(node.output());
      seen.add(Files.readString(Path.of("/proc/" + node.pid() + "/cmdline")));
    }
    for (String text : seen) {
      assertFalse(text.contains(MARK), text);
    }
  }
}
