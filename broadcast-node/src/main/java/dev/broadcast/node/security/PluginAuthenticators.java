package dev.broadcast.node.security;

import dev.broadcast.api.access.Authenticator;
import dev.broadcast.api.access.Credentials;
import dev.broadcast.api.access.Grant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program's own authenticators, asked in their order. Their answers are kept for a moment: the
 * request that asked is looked at again when they have come, and a page that opens five streams is
 * one question. Any thread.
 */
final class PluginAuthenticators {
  private static final Logger LOG = LoggerFactory.getLogger(PluginAuthenticators.class);
  private static final long LIMIT_MILLIS = 2_000;
  private static final long KEPT = TimeUnit.SECONDS.toNanos(5);
  private static final long FAILURE_KEPT = TimeUnit.SECONDS.toNanos(1);
  private static final int MOST = 10_000;
  private static final String CREDENTIAL = "plugin-";

  private final List<Authenticator> authenticators;
  private final LongSupplier nanoTime;
  private final InstantSource clock;
  private final Map<String, Answer> answers =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Answer> eldest) {
          return size() > MOST;
        }
      };

  /** What was answered, or will be, and until when it is kept. */
  private static final class Answer {
    final CompletableFuture<Optional<Caller>> caller;
    volatile long until = Long.MAX_VALUE;

    Answer(CompletableFuture<Optional<Caller>> caller) {
      this.caller = caller;
    }
  }

  PluginAuthenticators(
      List<Authenticator> authenticators, LongSupplier nanoTime, InstantSource clock) {
    this.authenticators = List.copyOf(authenticators);
    this.nanoTime = nanoTime;
    this.clock = clock;
  }

  boolean none() {
    return authenticators.isEmpty();
  }

  /**
   * Who sends a request, or null if none of them knows.
   *
   * @throws CredentialPendingException if they have not answered yet
   * @throws CredentialsUnavailableException if they cannot
   */
  @Nullable Caller caller(RequestHead head) {
    if (none() || (head.authorization() == null && head.cookies().isEmpty())) {
      return null;
    }
    Answer answer = answer(head);
    if (!answer.caller.isDone()) {
      throw new CredentialPendingException(answer.caller);
    }
    if (answer.caller.isCompletedExceptionally()) {
      throw new CredentialsUnavailableException("the credential cannot be checked now");
    }
    Caller caller = answer.caller.join().orElse(null);
    return caller == null || caller.expires() > clock.millis() ? caller : null;
  }

  /** Whether a credential, given by its digest, may be one of theirs. */
  boolean stillGood(String credential) {
    return !none() && credential.startsWith(CREDENTIAL);
  }

  private Answer answer(RequestHead head) {
    String key =
        KeyAuthenticator.name(
            KeyAuthenticator.digest(
                head.authorization() + "\n" + String.join("\n", head.cookies())));
    synchronized (answers) {
      Answer known = answers.get(key);
      if (known != null && nanoTime.getAsLong() - known.until < 0) {
        return known;
      }
      Answer asked =
          new Answer(ask(Credentials.of(head.authorization(), head.cookies()), 0).copy());
      asked.until = nanoTime.getAsLong() + TimeUnit.MINUTES.toNanos(1);
      answers.put(key, asked);
      var unused =
          asked.caller.whenComplete(
              (caller, failure) ->
                  asked.until = nanoTime.getAsLong() + (failure == null ? KEPT : FAILURE_KEPT));
      return asked;
    }
  }

  private CompletableFuture<Optional<Caller>> ask(Credentials credentials, int index) {
    if (index == authenticators.size()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    Authenticator next = authenticators.get(index);
    return grant(next, credentials)
        .thenCompose(
            grant ->
                grant.isPresent()
                    ? CompletableFuture.completedFuture(
                        Optional.of(caller(next.name(), grant.get())))
                    : ask(credentials, index + 1));
  }

  private static CompletableFuture<Optional<Grant>> grant(
      Authenticator authenticator, Credentials credentials) {
    CompletionStage<Optional<Grant>> answer;
    try {
      answer = authenticator.authenticate(credentials);
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    return answer
        .toCompletableFuture()
        .copy()
        .orTimeout(LIMIT_MILLIS, TimeUnit.MILLISECONDS)
        .whenComplete(
            (grant, failure) -> {
              if (failure != null) {
                LOG.warn(
                    "event=authenticator_failed authenticator={} reason={}",
                    authenticator.name(),
                    failure.toString());
              }
            });
  }

  private static Caller caller(String name, Grant grant) {
    String credential =
        CREDENTIAL + KeyAuthenticator.name(KeyAuthenticator.digest(name + "\n" + grant.subject()));
    long expires = grant.expires() == null ? Caller.NEVER : grant.expires().toEpochMilli();
    Set<Right> rights = EnumSet.noneOf(Right.class);
    if (grant.admin()) {
      rights = EnumSet.of(Right.SUBSCRIBE, Right.PUBLISH, Right.ADMINISTER);
      return new Caller(
          credential,
          rights,
          TopicPatterns.ALL,
          TopicPatterns.ALL,
          expires,
          grant.id(),
          grant.kind());
    }
    if (!grant.subscribe().isEmpty()) {
      rights.add(Right.SUBSCRIBE);
    }
    if (!grant.publish().isEmpty()) {
      rights.add(Right.PUBLISH);
    }
    return new Caller(
        credential,
        rights,
        TopicPatterns.of(grant.subscribe()),
        TopicPatterns.of(grant.publish()),
        expires,
        grant.id(),
        grant.kind());
  }
}
