package dev.broadcast.loadtest.client;

import static dev.broadcast.loadtest.client.TamperingServer.event;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.loadtest.client.TamperingServer.Framing;
import dev.broadcast.loadtest.client.TamperingServer.Tampering;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client against a server that tampers: whatever goes wrong must be seen, and nothing else. */
class LoadClientTest {
  private static final int CONNECTIONS = 5;
  private static final int MESSAGES = 40;

  @ParameterizedTest
  @EnumSource
  void findsNothingWrongWithAServerThatDeliversEverything(Framing framing) throws IOException {
    LoadResult result = run(framing, (stream, number, data) -> event(data));

    assertEquals(List.of(), result.faults());
    assertEquals(MESSAGES, result.published());
    assertEquals(CONNECTIONS * MESSAGES, result.delivered());
    assertEquals(1, result.orders());
    assertTrue(result.latency().p50() > 0 && result.latency().p50() <= result.latency().p99());
  }

  @ParameterizedTest
  @EnumSource
  void catchesALostMessage(Framing framing) throws IOException {
    LoadResult result =
        run(
            framing,
            (stream, number, data) -> stream == 1 && number == 7 ? List.of() : event(data));

    assertEquals(List.of("1 lost"), result.faults());
  }

  @Test
  void catchesALostLastMessage() throws IOException {
    LoadResult result =
        run(
            Framing.UNTIL_CLOSE,
            (stream, number, data) -> number == MESSAGES ? List.of() : event(data));

    assertEquals(List.of(CONNECTIONS + " lost"), result.faults());
  }

  @ParameterizedTest
  @EnumSource
  void catchesADuplicatedMessage(Framing framing) throws IOException {
    LoadResult result =
        run(
            framing,
            (stream, number, data) ->
                stream == 2 && number == MESSAGES
                    ? List.of(event(data).get(0), event(data).get(0))
                    : event(data));

    assertEquals(List.of("1 duplicated"), result.faults());
    assertEquals(CONNECTIONS * MESSAGES, result.delivered());
  }

  @Test
  void catchesAReorderedMessage() throws IOException {
    Map<Integer, List<String>> held = new HashMap<>();
    LoadResult result =
        run(
            Framing.UNTIL_CLOSE,
            (stream, number, data) -> {
              if (stream == 0 && number == 10) {
                held.put(stream, event(data));
                return List.of();
              }
              List<String> events = new ArrayList<>(event(data));
              List<String> late = held.remove(stream);
              events.addAll(late == null ? List.of() : late);
              return events;
            });

    assertEquals(List.of("1 reordered"), result.faults());
  }

  @Test
  void catchesStreamsThatDisagreeAboutTheOrderOfTwoPublishers() throws IOException {
    LoadPlan plan = plan(null, 0, Duration.ofMillis(50), 2);
    List<String> held = new ArrayList<>();
    boolean[] swapped = {false};

    // On one stream one message of the second publisher comes after the next of the first.
    LoadResult result =
        run(
            plan,
            Framing.UNTIL_CLOSE,
            (stream, number, data) -> {
              if (stream != 0 || swapped[0]) {
                return event(data);
              }
              List<String> events = new ArrayList<>(held);
              held.clear();
              if (data.substring(9, 12).equals("001")) {
                held.addAll(event(data));
              } else {
                swapped[0] = !events.isEmpty();
                events.add(0, event(data).get(0));
              }
              return events;
            });

    assertEquals(List.of("2 different orders"), result.faults());
  }

  @Test
  void catchesAStreamThatTheServerEnds() throws IOException {
    LoadResult result =
        run(
            Framing.UNTIL_CLOSE,
            (stream, number, data) -> stream == 4 && number == 31 ? null : event(data));

    assertEquals(List.of("10 lost", "1 streams ended by the server"), result.faults());
  }

  @Test
  void ignoresMessagesOfAnotherRun() throws IOException {
    LoadResult result =
        run(
            Framing.UNTIL_CLOSE,
            (stream, number, data) -> {
              byte[] other = new byte[Stamp.LENGTH];
              Stamp.write(other, 0, 1, 0, 1, 0);
              return List.of(event(new String(other, US_ASCII)).get(0), event(data).get(0));
            });

    assertEquals(List.of(), result.faults());
  }

  @Test
  void countsRefusedPublishes() throws IOException {
    try (TamperingServer server =
        new TamperingServer(
            Framing.UNTIL_CLOSE,
            (stream, number, data) -> event(data),
            number -> number == 3 ? 503 : 200)) {
      LoadResult result = LoadClient.run(plan(server.address()), () -> Usage.NONE);

      assertEquals(List.of("1 publishes refused"), result.faults());
    }
  }

  @Test
  void chargesAStallToEveryMessageThatWasDueDuringIt() throws IOException {
    LoadPlan plan = plan(null, 100, Duration.ofSeconds(1), 1);
    LoadResult result =
        run(
            plan,
            Framing.UNTIL_CLOSE,
            (stream, number, data) -> {
              if (stream == 0 && number == 1) {
                pause(900);
              }
              return event(data);
            });

    // Ninety of a hundred were due during the stall; the median one waited about 400 ms. A client
    // that starts its clock
    // when it sends sees one slow message in a hundred.
    assertEquals(List.of(), result.faults());
    assertEquals(100, result.published());
    assertTrue(result.latency().p50() > 300, "p50 " + result.latency());
  }

  @Test
  void saysThatAServerIsTooSlowForTheRate() throws IOException {
    LoadPlan plan = plan(null, 200, Duration.ofMillis(200), 1);
    LoadResult result =
        run(
            plan,
            Framing.UNTIL_CLOSE,
            (stream, number, data) -> {
              if (stream == 0) {
                pause(100);
              }
              return event(data);
            });

    assertTrue(result.unsent() > 10, result.toString());
    assertTrue(
        result.faults().contains(result.unsent() + " due but unsent"), result.faults().toString());
  }

  @Test
  void followsEachTopicOnItsOwn() throws IOException {
    LoadResult result =
        run(onTopics(6, 3), Framing.UNTIL_CLOSE, (stream, number, data) -> event(data));

    assertEquals(List.of(), result.faults());
    assertEquals(MESSAGES, result.published());
    assertEquals(2 * MESSAGES, result.delivered());
  }

  @Test
  void catchesATopicsLostMessage() throws IOException {
    // Streams 0 and 3 are on the first topic, whose messages are the first, fourth, seventh …
    LoadResult result =
        run(
            onTopics(6, 3),
            Framing.UNTIL_CLOSE,
            (stream, number, data) -> number == 7 ? List.of() : event(data));

    assertEquals(List.of("2 lost"), result.faults());
  }

  @Test
  void catchesAMessageThatCameOnAnotherTopic() throws IOException {
    List<String> other = new ArrayList<>();
    LoadResult result =
        run(
            onTopics(2, 2),
            Framing.UNTIL_CLOSE,
            (stream, number, data) -> {
              other.addAll(number == 3 ? event(data) : List.of());
              return number == 4 ? List.of(other.get(0), event(data).get(0)) : event(data);
            });

    assertEquals(List.of("1 duplicated"), result.faults());
  }

  @Test
  void numbersTheMessagesOfABatch() throws IOException {
    LoadResult result =
        run(
            inBatches(),
            Framing.UNTIL_CLOSE,
            (stream, number, data) -> stream == 0 && number == 3 ? List.of() : event(data));

    assertEquals(List.of("1 lost"), result.faults());
    assertEquals(0, result.published() % 4);
  }

  @Test
  void sendsABatchToOneTopicAndTheNextToTheNext() throws IOException {
    Map<Integer, Integer> perStream = new TreeMap<>();
    LoadResult result =
        run(
            inBatches(new LoadPlan.Streams("/events", 3, 3, 0)),
            Framing.UNTIL_CLOSE,
            (stream, number, data) -> {
              perStream.merge(stream, 1, Integer::sum);
              return event(data);
            });

    assertEquals(List.of(), result.faults());
    assertEquals(result.published(), result.delivered());
    assertEquals(Set.of(0, 1, 2), perStream.keySet());
    assertTrue(perStream.values().stream().allMatch(count -> count % 4 == 0), perStream.toString());
  }

  @Test
  void aBatchOfWhichSomethingWasRefusedIsARefusedPublish() throws IOException {
    try (TamperingServer server =
        new TamperingServer(
            Framing.UNTIL_CLOSE,
            (stream, number, data) -> event(data),
            number -> number == 8 ? 207 : 200)) {
      LoadResult result = LoadClient.run(at(inBatches(), server.address()), () -> Usage.NONE);

      assertEquals(List.of("1 publishes refused"), result.faults());
    }
  }

  @Test
  void seesThatAServerGivesUpAStreamThatIsNotRead() throws IOException {
    // What is never read is opened first; the other streams come when it has been given up.
    assertEquals(1, runWithStalled((stream, number, data) -> number == 1 ? null : event(data)));
  }

  @Test
  void seesThatAServerKeepsAStreamThatIsNotRead() throws IOException {
    assertEquals(
        0, runWithStalled((stream, number, data) -> stream == 0 ? List.of() : event(data)));
  }

  @Test
  void failsWhenNothingListens() throws IOException {
    InetSocketAddress nobody;
    try (TamperingServer server =
        new TamperingServer(Framing.CHUNKED, (stream, number, data) -> event(data))) {
      nobody = server.address();
    }

    assertThrows(IOException.class, () -> LoadClient.run(plan(nobody), () -> Usage.NONE));
  }

  private static LoadResult run(Framing framing, Tampering tampering) throws IOException {
    return run(plan(null), framing, tampering);
  }

  private static LoadResult run(LoadPlan plan, Framing framing, Tampering tampering)
      throws IOException {
    try (TamperingServer server = new TamperingServer(framing, tampering)) {
      return LoadClient.run(at(plan, server.address()), () -> Usage.NONE);
    }
  }

  /** {@value #MESSAGES} messages in 0.2 s from one publisher. */
  private static LoadPlan plan(InetSocketAddress target) {
    return plan(target, MESSAGES * 5, Duration.ofMillis(200), 1);
  }

  private static LoadPlan plan(
      InetSocketAddress target, double rate, Duration duration, int publishers) {
    return new LoadPlan(
        target,
        LoadPlan.Streams.of("/events", CONNECTIONS),
        new LoadPlan.Publishing("/events", PublishFormat.TEXT, publishers, rate, 1, 64),
        new LoadPlan.Timing(duration, Duration.ofMillis(20), Duration.ofMillis(1500)));
  }

  private static LoadPlan onTopics(int connections, int topics) {
    LoadPlan plan = plan(null);
    return new LoadPlan(
        plan.target(),
        new LoadPlan.Streams("/events", connections, topics, 0),
        plan.publishing(),
        plan.timing());
  }

  private static LoadPlan inBatches() {
    return inBatches(LoadPlan.Streams.of("/events", CONNECTIONS));
  }

  private static LoadPlan inBatches(LoadPlan.Streams streams) {
    LoadPlan plan = plan(null, 0, Duration.ofMillis(100), 1);
    return new LoadPlan(
        plan.target(),
        streams,
        new LoadPlan.Publishing("/events", PublishFormat.NDJSON, 1, 0, 4, 64),
        plan.timing());
  }

  private static int runWithStalled(Tampering tampering) throws IOException {
    LoadPlan plan = plan(null);
    LoadResult result =
        run(
            new LoadPlan(
                plan.target(),
                new LoadPlan.Streams("/events", CONNECTIONS, 0, 1),
                plan.publishing(),
                plan.timing()),
            Framing.UNTIL_CLOSE,
            tampering);
    assertEquals(List.of(), result.faults());
    return result.givenUp();
  }

  private static LoadPlan at(LoadPlan plan, InetSocketAddress target) {
    return new LoadPlan(target, plan.streams(), plan.publishing(), plan.timing());
  }

  private static void pause(long millis) throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
