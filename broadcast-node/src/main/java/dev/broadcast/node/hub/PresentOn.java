package dev.broadcast.node.hub;

import dev.broadcast.api.connection.Connection;
import dev.broadcast.api.connection.Presence;
import dev.broadcast.node.backplane.Roster.Member;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is on one watched topic on the other nodes, as far as they are remembered. Only with the lock
 * of its {@link PresentElsewhere}.
 */
final class PresentOn {
  final String topic;
  final Map<String, Present> there = new HashMap<>();

  /** Under way. */
  @Nullable Look look;

  private final long begun = System.currentTimeMillis();

  /** Nodes whose clients of before are not all known; null before the first look. */
  private @Nullable Set<String> strange;

  PresentOn(String topic) {
    this.topic = topic;
  }

  /**
   * A connection of another node, and which start of that node has it.
   *
   * @param greeted when its join was told because it was found; null if its node told it
   */
  record Present(
      String incarnation, String kind, Map<String, String> metadata, @Nullable Long greeted) {
    Presence tell(Presence.Action action, String topic, String id) {
      return new Presence(action, topic, id, kind, metadata);
    }
  }

  /** One question to all nodes of who is there, and what is known once they answered. */
  static final class Look {
    final Map<String, Present> before;

    /** Whose node told of them after it began: that counts. */
    final Set<String> meanwhile = new HashSet<>();

    final Set<String> listed = new HashSet<>();

    /** Listed by the node that they were remembered at. */
    final Set<String> where = new HashSet<>();

    /** Listed by another one. */
    final Map<String, Present> moved = new HashMap<>();

    final Set<String> silent = new HashSet<>();
    List<Member> members = List.of();

    Look(Map<String, Present> before) {
      this.before = Map.copyOf(before);
    }

    @Nullable String incarnation(String nodeId) {
      for (Member member : members) {
        if (member.nodeId().equals(nodeId)) {
          return member.incarnation();
        }
      }
      return null;
    }

    /**
     * The nodes that listed all that they have.
     *
     * @param now the members afterwards: who was away meanwhile may not have been asked
     */
    Set<String> answered(List<Member> now) {
      Set<String> answered = new HashSet<>();
      for (Member member : members) {
        if (now.contains(member) && !silent.contains(member.nodeId())) {
          answered.add(member.incarnation());
        }
      }
      return answered;
    }
  }

  /**
   * Begins a look.
   *
   * @param self this node's incarnation; without it the members are of a node that is cut off
   */
  void begin(Look begun, List<Member> members, String self) {
    begun.members = members;
    if (strange == null) {
      Set<String> all = new HashSet<>();
      members.forEach(member -> all.add(member.incarnation()));
      if (all.contains(self)) {
        strange = all;
      }
    }
  }

  /**
   * Whether somebody nobody knew of joined since the topic is watched. For a node whose clients of
   * before are not known its clock has to say, which may go wrong; the others need none.
   */
  boolean isNew(Connection found, String incarnation) {
    return (strange != null && !strange.contains(incarnation))
        || found.createdAt().toEpochMilli() >= begun;
  }

  void known(Set<String> answered) {
    if (strange != null) {
      strange.removeAll(answered);
    }
  }
}
