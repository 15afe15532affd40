package dev.broadcast.node.backplane;

import dev.broadcast.node.backplane.Roster.Gathered;
import dev.broadcast.node.backplane.Roster.Member;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** What this node asked the others and who has not answered yet. Only on the hub thread. */
final class Questions {
  private final HubThread hubThread;
  private final Map<Long, Question> open = new HashMap<>();
  private long asked;

  Questions(HubThread hubThread) {
    this.hubThread = hubThread;
  }

  /** The number under which the members asked will answer. */
  long open(
      List<Member> members,
      Duration wait,
      Predicate<String> enough,
      CompletableFuture<Gathered> result) {
    long number = ++asked;
    var question = new Question(members, new HashMap<>(), enough, result);
    open.put(number, question);
    hubThread.later(
        wait,
        () -> {
          open.remove(number);
          question.judge(true);
        });
    return number;
  }

  void answered(long number, String incarnation, String answer) {
    Question question = open.get(number);
    if (question != null) {
      question.answers.put(incarnation, answer);
      if (question.judge(question.enough.test(answer))) {
        open.remove(number);
      }
    }
  }

  private record Question(
      List<Member> members,
      Map<String, String> answers,
      Predicate<String> enough,
      CompletableFuture<Gathered> result) {
    /** Completes it if all have answered, or nobody is waited for any more. */
    boolean judge(boolean over) {
      List<String> silent =
          members.stream()
              .filter(member -> !answers.containsKey(member.incarnation()))
              .map(Member::nodeId)
              .toList();
      if (!silent.isEmpty() && !over) {
        return false;
      }
      boolean settled = answers.values().stream().anyMatch(enough);
      Map<String, String> byNode = new HashMap<>();
      for (Member member : members) {
        String answer = answers.get(member.incarnation());
        if (answer != null) {
          byNode.put(member.nodeId(), answer);
        }
      }
      return result.complete(new Gathered(byNode, settled ? List.of() : silent));
    }
  }
}
