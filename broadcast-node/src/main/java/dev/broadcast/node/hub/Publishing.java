package dev.broadcast.node.hub;

import dev.broadcast.api.Message;
import dev.broadcast.node.backplane.Backplane;
import dev.broadcast.node.backplane.Publication;
import dev.broadcast.node.backplane.PublishOutcome;
import dev.broadcast.node.backplane.Roster;
import dev.broadcast.node.hub.Hub.IdempotencyKey;
import dev.broadcast.node.hub.Hub.Published;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The way of a message into the backplane. Any thread. */
final class Publishing {
  private final Backplane backplane;
  private final Roster roster;

  Publishing(Backplane backplane, Roster roster) {
    this.backplane = backplane;
    this.roster = roster;
  }

  CompletableFuture<PublishOutcome> publish(Message message, @Nullable IdempotencyKey key) {
    return publish(message, key, (String) null);
  }

  /** The same, and waits for as long as given for the nodes to say on how many connections. */
  CompletableFuture<Published> publish(
      Message message, @Nullable IdempotencyKey key, Duration wait) {
    String receipt = roster.openReceipt();
    return publish(message, key, receipt).thenCompose(o -> withReceipt(o, receipt, wait));
  }

  private CompletableFuture<PublishOutcome> publish(
      Message message, @Nullable IdempotencyKey key, @Nullable String receipt) {
    byte[] payload = Payload.encode(message);
    Publication.Idempotency idempotency = key == null ? null : scoped(key, message, payload);
    return backplane.publish(new Publication(message.topic(), payload, idempotency, receipt));
  }

  private CompletableFuture<Published> withReceipt(
      PublishOutcome outcome, String receipt, Duration wait) {
    if (outcome instanceof PublishOutcome.Stored stored) {
      // A repeated publish reached nobody now: its receipt asks nobody and says so.
      Duration patience = stored.repeated() ? Duration.ZERO : wait;
      return roster
          .receipt(receipt, stored.timestamp(), patience)
          .thenApply(r -> new Published(outcome, r));
    }
    return roster
        .receipt(receipt, 0, Duration.ZERO)
        .handle((r, failure) -> new Published(outcome, null));
  }

  private static Publication.Idempotency scoped(
      IdempotencyKey key, Message message, byte[] payload) {
    return new Publication.Idempotency(
        digest(key.credential(), message.topic(), key.key(), Integer.toString(key.item())),
        digest(message.topic(), new String(payload, StandardCharsets.UTF_8)));
  }

  private static String digest(String... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update(Integer.toString(bytes.length).getBytes(StandardCharsets.US_ASCII));
        digest.update((byte) ':');
        digest.update(bytes);
      }
      byte[] hash = digest.digest();
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash).substring(0, 27);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
