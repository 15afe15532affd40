package shop;

import dev.broadcast.api.Message;
import dev.broadcast.api.broadcaster.MessageHandler;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Marks what it saw, and drops drafts. */
public final class Prices implements MessageHandler {
  @Override
  public CompletionStage<Decision> handle(Message message) {
    return CompletableFuture.supplyAsync(
        () ->
            "draft".equals(message.type())
                ? Decision.dropped("drafts stay here")
                : Decision.changed(message.change().metadata(Map.of("seen", "shop")).build()));
  }
}
