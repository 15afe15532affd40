package dev.broadcast.node.backplane;

import dev.broadcast.node.backplane.Roster.Member;
import java.util.ArrayList;
import java.util.List;

/**
 * The leases as they were when this node last renewed its own.
 *
 * @param leases of every node that was alive then
 */
record Members(List<Lease> leases) {
  static final Members NONE = new Members(List.of());

  /**
   * A node's lease.
   *
   * @param expires when it ends unless it was renewed since, on Redis' clock
   */
  record Lease(Member member, long expires) {
    /** Whether the node must have been alive then. */
    boolean coversAt(long millis) {
      return member.since() <= millis && expires > millis;
    }
  }

  /** Reads what {@code lease.lua} answers from {@code at} on. */
  static Members of(List<Object> reply, int at) {
    List<Lease> leases = new ArrayList<>();
    for (int i = at; i + 3 < reply.size(); i += 4) {
      leases.add(
          new Lease(
              new Member(
                  RedisReply.text(reply.get(i)),
                  RedisReply.text(reply.get(i + 1)),
                  RedisReply.number(reply.get(i + 2))),
              RedisReply.number(reply.get(i + 3))));
    }
    return new Members(List.copyOf(leases));
  }

  List<Member> all() {
    return leases.stream().map(Lease::member).toList();
  }

  List<Member> coveringAt(long millis) {
    return leases.stream().filter(lease -> lease.coversAt(millis)).map(Lease::member).toList();
  }
}
