package shop;

import dev.broadcast.api.access.Authenticator;
import dev.broadcast.api.access.Credentials;
import dev.broadcast.api.access.Grant;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A session cookie {@code session=NAME} and a password. */
public final class Sessions implements Authenticator {
  @Override
  public CompletionStage<Optional<Grant>> authenticate(Credentials credentials) {
    return CompletableFuture.supplyAsync(() -> grant(credentials));
  }

  private static Optional<Grant> grant(Credentials credentials) {
    // "shop:secret"
    if ("Basic c2hvcDpzZWNyZXQ=".equals(credentials.authorization())) {
      return Optional.of(Grant.to("shop").publishing("*").administering());
    }
    Optional<String> name = credentials.bearer().or(() -> credentials.cookie("session"));
    if (name.equals(Optional.of("broken"))) {
      throw new IllegalStateException("the database is away");
    }
    return name.filter(n -> n.matches("[a-z]+"))
        .map(n -> Grant.to(n).subscribing("orders/" + n, "news/*"))
        .map(g -> g.subject().equals("brief") ? g.until(Instant.now().plusSeconds(2)) : g);
  }
}
