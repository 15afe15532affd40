package dev.broadcast.node.ops;

import java.lang.reflect.Proxy;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * What SIGTERM and SIGINT do: the first one stops the node and ends with status 0, a second one
 * ends at once. A shutdown hook alone can do neither (the JVM would end with 143, and wait for the
 * hook whatever signal comes), so this uses {@code sun.misc.Signal}, reflectively: it is there on
 * every OpenJDK, but the compiler warns of it. Where it is not, a shutdown hook does what it can.
 */
public final class StopSignals {
  private final Supplier<CompletionStage<Void>> stop;
  private final AtomicBoolean stopping = new AtomicBoolean();

  private StopSignals(Supplier<CompletionStage<Void>> stop) {
    this.stop = stop;
  }

  /**
   * From now on signals stop the node.
   *
   * @param stop begins to stop it; called at most once
   */
  public static void install(Supplier<CompletionStage<Void>> stop) {
    StopSignals signals = new StopSignals(stop);
    try {
      signals.handle("TERM");
      signals.handle("INT");
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      Runtime.getRuntime().addShutdownHook(new Thread(signals::stopAndWait, "stop"));
    }
  }

  private void handle(String name) throws ReflectiveOperationException {
    Class<?> signalType = Class.forName("sun.misc.Signal");
    Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
    Object handler =
        Proxy.newProxyInstance(
            handlerType.getClassLoader(),
            new Class<?>[] {handlerType},
            (proxy, method, args) -> {
              if (method.getName().equals("handle")) {
                onSignal();
              }
              return null;
            });
    signalType
        .getMethod("handle", signalType, handlerType)
        .invoke(null, signalType.getConstructor(String.class).newInstance(name), handler);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the process ends with it
  private void onSignal() {
    if (!stopping.compareAndSet(false, true)) {
      Runtime.getRuntime().halt(1);
      return;
    }
    stop.get().whenComplete((done, failure) -> Runtime.getRuntime().halt(0));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // waited for by the latch
  private void stopAndWait() {
    CountDownLatch stopped = new CountDownLatch(1);
    stop.get().whenComplete((done, failure) -> stopped.countDown());
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
