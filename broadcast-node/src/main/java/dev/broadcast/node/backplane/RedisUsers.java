package dev.broadcast.node.backplane;

import java.util.ArrayList;
import java.util.List;

/**
 * Everybody who is built on one link, told in the order in which they were added. Here it is
 * decided whether a failure may pass or a setting is wrong. Only on the hub thread.
 */
final class RedisUsers implements RedisLink.User {
  private final List<RedisLink.User> all = new ArrayList<>();
  private final RedisDriver driver;

  RedisUsers(RedisDriver driver) {
    this.driver = driver;
  }

  void add(RedisLink.User user) {
    all.add(user);
  }

  /** Redis was not reached, or a server was that is none for us. */
  void failed(Throwable failure) {
    String reason = driver.explain(failure);
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof WrongTopologyException) {
        mistaken(reason);
        return;
      }
    }
    String mistake = RedisMistakes.of(reason);
    if (mistake.isEmpty()) {
      failed(reason);
    } else {
      mistaken(mistake);
    }
  }

  /**
   * Each hears of the mistake before anybody hears that it failed: a start ends with the former.
   */
  @Override
  public void mistaken(String reason) {
    all.forEach(user -> user.mistaken(reason));
    failed(reason);
  }

  @Override
  public void failed(String reason) {
    all.forEach(user -> user.failed(reason));
  }

  @Override
  public void commandsUp() {
    all.forEach(RedisLink.User::commandsUp);
  }

  @Override
  public void commandsDown(String reason) {
    all.forEach(user -> user.commandsDown(reason));
  }

  @Override
  public void subscribed() {
    all.forEach(RedisLink.User::subscribed);
  }

  @Override
  public void unsubscribed(String reason) {
    all.forEach(user -> user.unsubscribed(reason));
  }
}
