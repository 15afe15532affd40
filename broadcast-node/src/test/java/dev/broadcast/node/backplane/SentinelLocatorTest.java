package dev.broadcast.node.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lettuce.core.RedisCommandExecutionException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Whom sentinels are believed, in the moments in which they do not say the same. */
class SentinelLocatorTest {
  private static final RedisSettings THREE = RedisSettings.of("redis-sentinel://a,b,c?master=m");

  private final Map<String, Sentinel> sentinels = new HashMap<>();
  private final Deque<Runnable> answers = new ArrayDeque<>();
  private final List<String> asked = new ArrayList<>();
  private final SentinelLocator locator =
      new SentinelLocator(
          (server, command, words, answer) -> {
            asked.add(server.host() + " " + words.get(0));
            answers.add(() -> sentinels.get(server.host()).answer(words.get(0), answer));
          },
          THREE.topology(),
          THREE);

  /** As a real one behaves: it leads a failover, has heard of its outcome, or neither. */
  private static class Sentinel {
    String shown;
    long epoch;
    String promoted = "";

    Sentinel(long epoch, String shown) {
      this.epoch = epoch;
      this.shown = shown;
    }

    void answer(String question, RedisAsker.Answer answer) {
      if (question.equals("MASTER")) {
        String flags = promoted.isEmpty() ? "master" : "master,failover_in_progress";
        answer.take(
            bytes("ip", shown, "port", "6379", "flags", flags, "config-epoch", "" + epoch), null);
      } else {
        answer.take(bytes(promoted.isEmpty() ? shown : promoted, "6379"), null);
      }
    }
  }

  private static List<Object> bytes(String... words) {
    List<Object> bytes = new ArrayList<>();
    for (String word : words) {
      bytes.add(word.getBytes(UTF_8));
    }
    return bytes;
  }

  private static Sentinel failing(Throwable failure) {
    return new Sentinel(0, "") {
      @Override
      void answer(String question, RedisAsker.Answer answer) {
        answer.take(null, failure);
      }
    };
  }

  private void say(Sentinel a, Sentinel b, Sentinel c) {
    sentinels.putAll(Map.of("a", a, "b", b, "c", c));
  }

  private String located() {
    CompletableFuture<RedisAddress> located = locator.locate().toCompletableFuture();
    while (!answers.isEmpty()) {
      answers.poll().run();
    }
    return located.join().host();
  }

  @Test
  void theLatestAgreementOfAMajorityCounts() {
    say(new Sentinel(1, "old"), new Sentinel(2, "new"), new Sentinel(1, "old"));
    assertEquals("new", located());
  }

  @Test
  void aMajorityIsEnoughAndTheThirdIsNotWaitedFor() {
    say(new Sentinel(1, "one"), new Sentinel(1, "one"), new Sentinel(1, "one"));
    CompletableFuture<RedisAddress> located = locator.locate().toCompletableFuture();
    answers.poll().run();
    assertFalse(located.isDone());
    answers.poll().run();
    assertEquals("one", located.join().host());
  }

  /** Seen with two replicas: the old one came back, and nodes went back to it. */
  @Test
  void theLeaderOfAFailoverIsAskedWhomItPromotedSinceItShowsTheOldOneUnderTheNewEpoch() {
    Sentinel leader = new Sentinel(2, "old");
    leader.promoted = "new";
    say(leader, new Sentinel(1, "old"), new Sentinel(1, "old"));
    assertEquals("old", located()); // Two that do not know yet are quicker than its three answers.
    say(leader, new Sentinel(1, "old"), failing(new IOException("gone")));
    assertEquals("new", located());
  }

  @Test
  void anEpochThatRisesBetweenTwoQuestionsBelongsToNeitherAnswer() {
    Sentinel leader = new Sentinel(1, "old");
    leader.promoted = "old";
    say(leader, failing(new IOException("gone")), failing(new IOException("gone")));
    CompletableFuture<RedisAddress> located = locator.locate().toCompletableFuture();
    while (!answers.isEmpty()) {
      if (asked.get(asked.size() - 1).equals("a GET-MASTER-ADDR-BY-NAME") && leader.epoch == 1) {
        answers.poll().run(); // The old address ...
        leader.epoch = 2; // ... and only then the promotion.
        leader.promoted = "new";
      } else {
        answers.poll().run();
      }
    }
    assertEquals("new", located.join().host());
  }

  @Test
  void nobodyGoesBackToWhatAMajorityThatHasNotHeardYetStillSays() {
    say(new Sentinel(2, "new"), new Sentinel(1, "old"), new Sentinel(1, "old"));
    assertEquals("new", located());
    say(failing(new IOException("gone")), new Sentinel(1, "old"), new Sentinel(1, "old"));
    assertEquals("new", located());
  }

  @Test
  void aMasterThatNobodyWatchesIsAMistake() {
    var unknown = new RedisCommandExecutionException("ERR No such master with that name");
    say(failing(unknown), failing(unknown), failing(new IOException("gone")));
    CompletionException failure = assertThrows(CompletionException.class, this::located);
    assertEquals(WrongTopologyException.class, failure.getCause().getClass());
  }

  @Test
  void noAnswerIsNone() {
    IOException gone = new IOException("gone");
    say(failing(gone), failing(gone), failing(gone));
    assertEquals(gone, assertThrows(CompletionException.class, this::located).getCause());
  }
}
