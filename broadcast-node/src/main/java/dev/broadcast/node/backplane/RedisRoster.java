package dev.broadcast.node.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The roster of a cluster: leases and claims in Redis, on the first shard's tag; questions on a
 * control channel, reports and answers on a channel of each incarnation. What travels there:
 *
 * <pre>
 * control: h INCARNATION              came or went: look again who is there
 *          q NUMBER INCARNATION TEXT  a question, and who asks
 *          t INCARNATION TEXT         told, and by whom
 * inbox:   r RECEIPT INCARNATION N    the message was put on N connections
 *          a NUMBER INCARNATION TEXT  an answer
 *          l ID                       the claim of that id is another's now
 * </pre>
 *
 * <p>Made by {@link RedisBackplane#roster}, whose connections it uses. All state is the hub
 * thread's.
 */
final class RedisRoster implements Roster, RedisLink.User, RedisLease.Holder {
  private static final Duration LEAVE_WITHIN = Duration.ofMillis(500);

  private final String nodeId;
  private final String incarnation;
  private final RedisKeys keys;
  private final RedisLink link;
  private final HubThread hubThread;
  private final RedisLease lease;
  private final RedisClaims claims;
  private final Receipts receipts;
  private final Questions questions;
  private final AtomicLong opened = new AtomicLong();
  private @Nullable Peer peer;

  RedisRoster(String nodeId, RedisKeys keys, RedisLink link, HubThread hubThread, Tokens tokens) {
    this.nodeId = nodeId;
    this.incarnation = tokens.incarnation();
    this.keys = keys;
    this.link = link;
    this.hubThread = hubThread;
    this.lease = new RedisLease(nodeId, incarnation, keys, link, this);
    this.claims =
        new RedisClaims(
            keys,
            incarnation,
            RedisLease.LIFE,
            link,
            hubThread,
            () -> lease.members().all(),
            lease::renewThen,
            this::claimLost);
    this.receipts = new Receipts(hubThread);
    this.questions = new Questions(hubThread);
    link.use(this);
    link.subscribe(keys.control(), bytes -> hubThread.run(() -> control(text(bytes))));
    link.subscribe(keys.inbox() + incarnation, bytes -> hubThread.run(() -> inbox(text(bytes))));
  }

  void tick(long now) {
    lease.tick(now);
  }

  @Override
  public CompletableFuture<Void> join(Peer as) {
    return hubThread.promise(
        joined -> {
          peer = as;
          lease.join(joined);
        });
  }

  @Override
  public CompletableFuture<Void> leave() {
    return hubThread.promise(
        left -> {
          claims.clear();
          lease.leave("h " + incarnation, left);
          hubThread.later(LEAVE_WITHIN, () -> left.complete(null));
        });
  }

  @Override
  public String nodeId() {
    return nodeId;
  }

  @Override
  public String incarnation() {
    return incarnation;
  }

  @Override
  public CompletableFuture<List<Member>> members() {
    return hubThread.promise(known -> lease.renewThen(() -> known.complete(lease.members().all())));
  }

  @Override
  public String openReceipt() {
    return incarnation + '.' + opened.incrementAndGet();
  }

  @Override
  public void report(String receipt, int clients) {
    hubThread.run(
        () -> {
          String asker = receipt.substring(0, Math.max(0, receipt.indexOf('.')));
          if (asker.equals(incarnation)) {
            receipts.report(receipt, incarnation, clients);
          } else {
            link.tell(keys.inbox() + asker, "r " + receipt + ' ' + incarnation + ' ' + clients);
          }
        });
  }

  @Override
  public CompletableFuture<Receipt> receipt(String receipt, long publishedAt, Duration wait) {
    var result = new CompletableFuture<Receipt>();
    boolean taken =
        hubThread.run(
            () -> receipts.await(receipt, lease.members().coveringAt(publishedAt), wait, result));
    return taken ? result : CompletableFuture.completedFuture(new Receipt(0, 0, false));
  }

  @Override
  public CompletableFuture<Gathered> ask(String question, Duration wait, Predicate<String> enough) {
    return hubThread.promise(
        result -> {
          long number = questions.open(lease.members().all(), wait, enough, result);
          Peer self = peer;
          if (lease.members().leases().size() > 1) {
            link.tell(keys.control(), "q " + number + ' ' + incarnation + ' ' + question);
          }
          if (self != null) {
            answer(self, question, answer -> questions.answered(number, incarnation, answer));
          }
        });
  }

  @Override
  public void tell(String text) {
    hubThread.run(() -> link.tell(keys.control(), "t " + incarnation + ' ' + text));
  }

  @Override
  public CompletableFuture<Claim> claim(String connectionId, String credential, boolean takeover) {
    return hubThread.promise(result -> claims.claim(connectionId, credential, takeover, result));
  }

  @Override
  public void release(String connectionId) {
    hubThread.run(() -> claims.release(connectionId));
  }

  @Override
  public void commandsUp() {
    lease.commandsUp();
    Peer self = peer;
    if (self != null) {
      self.unheard();
    }
  }

  @Override
  public void commandsDown(String reason) {
    lease.commandsDown();
  }

  @Override
  public void subscribed() {
    lease.renew(); // Who came meanwhile could not be heard.
    Peer self = peer;
    if (self != null) {
      self.missed();
    }
  }

  @Override
  public void unsubscribed(String reason) {
    // Reports and answers go missing; receipts say so, and questions name who is silent.
  }

  @Override
  public void failed(String reason) {
    // The backplane says so.
  }

  @Override
  public void taken() {
    link.tell(keys.control(), "h " + incarnation);
  }

  @Override
  public void renewed(long known) {
    claims.renewed(known);
  }

  @Override
  public void refused(String message) {
    Peer self = peer;
    if (self != null) {
      self.refused(message);
    }
  }

  private void claimLost(String id) {
    Peer self = peer;
    if (self != null) {
      self.claimLost(id);
    }
  }

  private void control(String message) {
    String[] words = message.split(" ", 4);
    Peer self = peer;
    if (self == null || words.length < 2) {
      return;
    }
    switch (words[0]) {
      case "h" -> {
        if (!words[1].equals(incarnation)) {
          lease.renew();
        }
      }
      case "q" -> {
        if (words.length == 4 && !words[2].equals(incarnation)) {
          answer(
              self,
              words[3],
              answer ->
                  link.tell(
                      keys.inbox() + words[2], "a " + words[1] + ' ' + incarnation + ' ' + answer));
        }
      }
      case "t" -> {
        if (!words[1].equals(incarnation)) {
          self.told(message.substring(3 + words[1].length()));
        }
      }
      default -> {} // Of a later version, or nobody of us.
    }
  }

  /** Nobody is told of a failure: this node counts as silent. */
  private void answer(Peer self, String question, Consumer<String> then) {
    var unused =
        self.answer(question)
            .whenComplete(
                (answer, failure) -> {
                  if (failure == null) {
                    hubThread.run(() -> then.accept(answer));
                  }
                });
  }

  private void inbox(String message) {
    String[] words = message.split(" ", 4);
    try {
      switch (words[0]) {
        case "r" -> receipts.report(words[1], words[2], Integer.parseInt(words[3]));
        case "a" -> questions.answered(Long.parseLong(words[1]), words[2], words[3]);
        case "l" -> claims.takenOver(words[1]);
        default -> {} // Of a later version, or nobody of us.
      }
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return; // Nobody of us wrote that.
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }
}
