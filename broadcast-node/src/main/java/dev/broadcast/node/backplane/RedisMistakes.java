package dev.broadcast.node.backplane;

import java.util.List;

/** Which refusals are not Redis' state of the day but a setting that is wrong. */
final class RedisMistakes {
  private record Mistake(String sign, String flag, String meaning) {}

  private static final List<Mistake> ALL =
      List.of(
          new Mistake("WRONGPASS", "--redis-password", "Redis knows no such user and password"),
          new Mistake("NOAUTH", "--redis-password", "Redis asks for one"),
          new Mistake("NOPERM", "--redis-user", "its rights are too few"),
          new Mistake(
              "certification path",
              "--redis-ca",
              "the certificate of Redis is signed by somebody else"),
          new Mistake(
              "No subject alternative",
              "--redis-url",
              "the certificate of Redis is for another host"),
          new Mistake("certificate_required", "--redis-cert", "Redis asks for a certificate"),
          new Mistake("bad_certificate", "--redis-cert", "Redis does not take the certificate"),
          new Mistake("unknown_ca", "--redis-cert", "Redis does not trust the certificate"));

  private RedisMistakes() {}

  /**
   * The line for the operator.
   *
   * @param reason the driver's words, without secrets
   * @return empty if it may be better the next time
   */
  static String of(String reason) {
    for (Mistake mistake : ALL) {
      if (reason.contains(mistake.sign)) {
        return mistake.flag + ": " + mistake.meaning + " (" + reason + ')';
      }
    }
    return "";
  }
}
