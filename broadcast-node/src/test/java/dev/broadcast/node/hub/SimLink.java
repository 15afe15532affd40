package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.BackplaneException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a node to Redis: requests and answers in order, each way as slow as it likes.
 */
final class SimLink {
  /** Who uses the connection; on the hub thread. */
  interface User {
    void up();

    void down();
  }

  private final SimScheduler scheduler;
  private final SimRedis redis;
  private final SimScheduler.Actor hubThread;
  private final SimScheduler.Actor requests;
  private final SimScheduler.Actor answers;
  private final User user;
  private final Set<Request<?>> open = new LinkedHashSet<>();

  /** Whether the node thinks it is up. */
  private boolean connected;

  private boolean broken;
  private boolean vanishing;
  private boolean connecting;
  private int run;

  SimLink(
      String name,
      SimScheduler scheduler,
      SimRedis redis,
      SimScheduler.Actor hubThread,
      User user) {
    this.scheduler = scheduler;
    this.redis = redis;
    this.hubThread = hubThread;
    this.user = user;
    requests = scheduler.actor(name + ">");
    answers = scheduler.actor(name + "<");
  }

  private record Request<T>(BiConsumer<@Nullable T, @Nullable Throwable> then) {
    void fail(String why) {
      then.accept(null, new BackplaneException(why));
    }
  }

  boolean connected() {
    return connected;
  }

  /** The process that it is connected to. */
  int run() {
    return run;
  }

  /** Tries to connect, if it is not. */
  void connect() {
    if (connected || connecting || !redis.up()) {
      return;
    }
    connecting = true;
    int to = redis.run();
    answers.execute(
        () ->
            hubThread.execute(
                () -> {
                  connecting = false;
                  if (redis.up() && redis.run() == to) {
                    connected = true;
                    broken = false;
                    vanishing = false;
                    run = to;
                    user.up();
                  }
                }));
  }

  /** From now on what is sent either way vanishes, and nobody is told. */
  void vanish() {
    if (connected && !broken) {
      vanishing = true;
      answers.clear();
    }
  }

  boolean silent() {
    return vanishing && connected && !broken;
  }

  void cutIfSilent() {
    if (silent()) {
      cut();
    }
  }

  /** The network or Redis cuts it: the node learns it later. */
  void cut() {
    if (!connected || broken) {
      return;
    }
    broken = true;
    List<Runnable> sent = new ArrayList<>();
    for (Runnable next = requests.take(); next != null; next = requests.take()) {
      sent.add(next);
    }
    if (redis.up() && !vanishing && scheduler.oneIn(2)) {
      sent.forEach(Runnable::run); // Redis had them already; the answers are lost
    }
    answers.clear();
    hubThread.execute(
        () -> {
          connected = false;
          List<Request<?>> lost = List.copyOf(open);
          open.clear();
          user.down();
          lost.forEach(request -> request.fail("the connection was lost"));
          if (!scheduler.oneIn(4)) {
            connect();
          }
        });
  }

  /** Runs something on Redis, then, on the hub thread, what is to be done with its answer. */
  <T> void request(Supplier<T> script, BiConsumer<@Nullable T, @Nullable Throwable> then) {
    if (!connected) {
      then.accept(null, new BackplaneException("not connected"));
      return;
    }
    Request<T> request = new Request<>(then);
    open.add(request);
    if (!broken) {
      requests.execute(
          () -> {
            if (vanishing && scheduler.oneIn(2)) {
              return; // it was sent into the void; else only its answer is
            }
            T answer = script.get();
            if (!broken && !vanishing) {
              answers.execute(() -> hubThread.execute(() -> answered(request, answer)));
            }
          });
    }
  }

  private <T> void answered(Request<T> request, T answer) {
    if (open.remove(request)) {
      request.then().accept(answer, null);
    }
  }

  /** The node is gone. */
  void kill() {
    requests.clear();
    answers.clear();
    broken = true;
    open.clear();
  }
}
