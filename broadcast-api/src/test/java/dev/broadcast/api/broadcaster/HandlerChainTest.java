package dev.broadcast.api.broadcaster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.api.Data;
import dev.broadcast.api.Message;
import dev.broadcast.api.broadcaster.HandlerChain.Registration;
import dev.broadcast.api.broadcaster.MessageHandler.Decision;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class HandlerChainTest {
  private static final Message MESSAGE = Message.builder("update", "a").build();

  private final List<Throwable> reported = new CopyOnWriteArrayList<>();
  private final HandlerChain chain =
      new HandlerChain(Duration.ofMillis(50), (handler, failure) -> reported.add(failure));

  private static MessageHandler appending(String text) {
    return message ->
        CompletableFuture.supplyAsync(
            () -> Decision.changed(message.change().data(message.data().content() + text).build()));
  }

  private Data data() {
    return ((Decision.Changed) chain.run(MESSAGE).join()).message().data();
  }

  @Test
  void handlersChangeMessagesOneAfterAnother() {
    chain.add(appending("b"));
    chain.add(message -> CompletableFuture.completedFuture(Decision.same()));
    chain.add(appending("c"));
    assertEquals(Data.text("abc"), data());
    assertEquals(List.of(), reported);
  }

  @Test
  void aDroppedMessageReachesNoLaterHandler() {
    chain.add(message -> CompletableFuture.completedFuture(Decision.dropped("too loud")));
    chain.add(
        message -> {
          throw new AssertionError("called");
        });
    assertEquals(Decision.dropped("too loud"), chain.run(MESSAGE).join());
    assertEquals(List.of(), reported);
  }

  @Test
  void aHandlerThatFailsIsReportedAndTheMessageGoesOnAsItWas() {
    chain.add(appending("b"));
    chain.add(
        message -> {
          throw new IllegalStateException("thrown");
        });
    chain.add(message -> CompletableFuture.failedFuture(new IllegalStateException("failed later")));
    chain.add(message -> CompletableFuture.completedFuture(null));
    chain.add(
        message -> {
          throw new StackOverflowError();
        });
    chain.add(appending("c"));
    assertEquals(Data.text("abc"), data());
    assertEquals(4, reported.size());
    assertEquals("thrown", reported.get(0).getMessage());
    assertEquals("failed later", reported.get(1).getMessage());
  }

  @Test
  void aHandlerThatIsSlowIsReportedAndNotWaitedFor() {
    CompletableFuture<Decision> never = new CompletableFuture<>();
    chain.add(message -> never);
    chain.add(appending("b"));
    assertEquals(Data.text("ab"), data());
    assertTrue(reported.get(0) instanceof TimeoutException, reported.toString());
    assertTrue(!never.isDone(), "the handler's own future is left alone");
  }

  @Test
  void aRequiredHandlerThatFailsDropsTheMessage() {
    chain.add(
        new MessageHandler() {
          @Override
          public CompletionStage<Decision> handle(Message message) {
            throw new IllegalStateException("no");
          }

          @Override
          public boolean required() {
            return true;
          }

          @Override
          public String name() {
            return "filter";
          }
        });
    assertEquals(Decision.dropped("handler filter failed: no"), chain.run(MESSAGE).join());
  }

  @Test
  void whoeverIsToldOfFailuresCannotStopTheMessage() {
    HandlerChain touchy =
        new HandlerChain(
            Duration.ofSeconds(1),
            (handler, failure) -> {
              throw new IllegalStateException("cannot log");
            });
    touchy.add(message -> CompletableFuture.completedFuture(null));
    assertEquals(Decision.changed(MESSAGE), touchy.run(MESSAGE).join());
  }

  @Test
  void aHandlerThatIsTakenOutIsAskedNoMore() {
    MessageHandler twice = appending("b");
    Registration first = chain.add(twice);
    chain.add(twice);
    assertEquals(Data.text("abb"), data());
    first.close();
    first.close();
    assertEquals(Data.text("ab"), data());
  }
}
