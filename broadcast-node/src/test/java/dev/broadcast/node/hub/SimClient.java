package dev.broadcast.node.hub;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A browser: listens to topics, remembers the last id, comes back with it to whichever node. */
final class SimClient {
  final String name;
  final List<String> topics;
  final Set<String> types;
  final Format format;
  final StreamRequest.Extras extras;
  private final boolean givenId;
  private final SimWorld world;
  private final SimJudge judge;

  /** Ids that its connections had. */
  final Set<String> ids = new LinkedHashSet<>();

  private @Nullable String lastEventId;
  private boolean garbage;
  private @Nullable SimTransport transport;
  private @Nullable SimNode node;
  private boolean asking;
  private boolean over;
  private int attempt;
  private StreamRequest.Start start = new StreamRequest.Start.Now();

  // The block being read.
  private final StringBuilder line = new StringBuilder();
  private @Nullable String id;
  private String event = "";
  private final StringBuilder data = new StringBuilder();
  private boolean hasData;

  SimClient(
      String name,
      SimWorld world,
      List<String> topics,
      Set<String> types,
      Format format,
      StreamRequest.Extras extras,
      boolean givenId) {
    this.extras = extras;
    this.name = name;
    this.world = world;
    this.topics = topics;
    this.types = types;
    this.format = format;
    this.givenId = givenId;
    judge = new SimJudge(this, world);
    if (givenId) {
      ids.add(name);
    }
  }

  SimJudge judge() {
    return judge;
  }

  boolean hasGivenId() {
    return givenId;
  }

  /** Whether its stream has ended for good. */
  boolean over() {
    return over;
  }

  boolean connected() {
    return transport != null || asking || over;
  }

  @Nullable SimNode node() {
    return node;
  }

  @Nullable String lastEventId() {
    return lastEventId;
  }

  /** Whether the cursor it came with was nonsense. */
  boolean sentGarbage() {
    return garbage;
  }

  void connect(SimNode to) {
    start = chooseStart();
    garbage =
        start instanceof StreamRequest.Start.After after && !after.cursor().equals(lastEventId);
    List<String> shuffled = new ArrayList<>(topics);
    StreamRequest request =
        new StreamRequest(
            shuffled,
            types,
            Set.of(),
            "user",
            givenId ? name : null,
            Map.of(),
            format,
            start,
            "",
            "",
            extras);
    world.trace(() -> name + " connects to " + to.name + " " + start);
    asking = true;
    node = to;
    int mine = ++attempt;
    SimScheduler.Actor loop = to.anyLoop();
    ClusterHub hub = to.hub();
    loop.execute(
        () -> {
          var unused =
              hub.admit(request)
                  .whenComplete((admission, failure) -> admitted(mine, hub, loop, admission));
        });
  }

  private void admitted(
      int mine, ClusterHub hub, SimScheduler.Actor loop, Hub.Admission admission) {
    if (!(admission instanceof Hub.Admission.Granted granted)) {
      if (mine == attempt) {
        over = admission instanceof Hub.Admission.Ended;
        if (over) {
          judge.over();
        }
        asking = false;
      }
      return;
    }
    if (mine != attempt) {
      hub.forget(granted);
      return;
    }
    String cursor = lastEventId;
    if (cursor != null && cursor.charAt(cursor.length() - 1) == Cursor.ENDED && !garbage) {
      // Not here, where the hub would swallow it.
      loop.execute(
          () -> {
            throw new SimFailure(name + " ended its stream and may go on: " + cursor);
          });
    }
    asking = false;
    over = false;
    judge.opened();
    line.setLength(0);
    forgetBlock();
    hub.open(
        granted,
        listener -> {
          SimTransport made = new SimTransport(world.scheduler, loop, this, listener);
          transport = made;
          if (world.faults && world.scheduler.oneIn(6)) {
            made.stall();
          }
          return made;
        });
  }

  private StreamRequest.Start chooseStart() {
    if (lastEventId != null) {
      if (world.faults && world.scheduler.oneIn(40)) {
        judge.comesWithGarbage();
        return new StreamRequest.Start.After(world.scheduler.oneIn(2) ? "nonsense" : "e1.g2.0");
      }
      return new StreamRequest.Start.After(lastEventId);
    }
    return switch (world.scheduler.random.nextInt(4)) {
      case 0 -> new StreamRequest.Start.Earliest();
      case 1 -> new StreamRequest.Start.Last(1 + world.scheduler.random.nextInt(4));
      default -> new StreamRequest.Start.Now();
    };
  }

  void stall() {
    if (transport != null) {
      transport.stall();
    }
  }

  /** Reads on, but slowly. */
  void drip() {
    if (transport != null) {
      transport.drip();
    }
  }

  void flow() {
    if (transport != null) {
      transport.flow();
    }
  }

  /** It goes away, or the network does. */
  void cut() {
    attempt++;
    asking = false;
    SimTransport old = transport;
    if (old != null) {
      old.cut();
      transport = null;
      world.trace(() -> name + " is cut, has " + lastEventId);
    }
    node = null;
  }

  void disconnected(SimTransport from) {
    if (transport == from) {
      transport = null;
      node = null;
      world.trace(() -> name + " is ended, has " + lastEventId);
    }
  }

  /** Bytes of a stream: read as WHATWG HTML 9.2.6 says, as far as our bytes need it. */
  void receive(SimTransport from, byte[] bytes) {
    if (transport != from) {
      return;
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    int start = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      line.append(text, start, end);
      start = end + 1;
      String whole = line.toString();
      line.setLength(0);
      lineEnds(whole);
    }
    line.append(text, start, text.length());
  }

  private void lineEnds(String whole) {
    if (whole.isEmpty()) {
      dispatch();
    } else if (whole.startsWith("id: ")) {
      id = whole.substring(4);
    } else if (whole.startsWith("event: ")) {
      event = whole.substring(7);
    } else if (whole.startsWith("data: ")) {
      data.append(whole, 6, whole.length());
      hasData = true;
    } else if (!whole.startsWith(": ") && !whole.startsWith("retry: ")) {
      throw new SimFailure(name + " cannot read the line " + whole);
    }
  }

  private void dispatch() {
    String cursor = id;
    String type = event;
    String text = data.toString();
    boolean any = hasData;
    forgetBlock();
    if (cursor != null || any) {
      world.trace(() -> name + " gets " + type + " " + text + " id " + cursor);
    }
    if (any) {
      switch (type) {
        case "connected" -> {
          ids.add(field(text, "connection_id"));
          judge.begins(cursor, start);
        }
        case "reset" -> judge.reset(field(text, "reason"), topicsOf(text), cursor);
        case "closing" -> {
          if (field(text, "reason").equals("until")) {
            judge.ended();
          }
        }
        default -> judge.message(text(text), type, cursor);
      }
    }
    if (cursor != null) {
      lastEventId = cursor;
      judge.cursor(cursor);
    }
  }

  private String text(String raw) {
    return format == Format.MESSAGE ? field(raw, "data") : raw;
  }

  private void forgetBlock() {
    id = null;
    event = "";
    data.setLength(0);
    hasData = false;
  }

  private static String field(String json, String field) {
    String mark = "\"" + field + "\":\"";
    int at = json.indexOf(mark);
    if (at < 0) {
      return "";
    }
    int from = at + mark.length();
    return json.substring(from, json.indexOf('"', from));
  }

  private static List<String> topicsOf(String json) {
    String mark = "\"topics\":[";
    int from = json.indexOf(mark) + mark.length();
    List<String> topics = new ArrayList<>();
    for (String quoted : json.substring(from, json.indexOf(']', from)).split(",", -1)) {
      topics.add(quoted.substring(1, quoted.length() - 1));
    }
    return topics;
  }

  @Override
  public String toString() {
    return name + topics + (types.isEmpty() ? "" : types) + " has " + lastEventId;
  }
}
