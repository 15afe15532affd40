package dev.broadcast.loadtest.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.broadcast.loadtest.Machine;
import dev.broadcast.loadtest.Run;
import dev.broadcast.loadtest.work.Outcome;
import dev.broadcast.loadtest.work.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/** Every run as it was, for whoever wants to compute something else from it. */
public final class RawResults {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private RawResults() {}

  /** Writes {@code bench.json} and says where it is. */
  public static Path write(Path directory, Machine machine, List<Work> works, List<Run> runs)
      throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.putObject("machine")
        .put("when", machine.when().toString())
        .put("cpu", machine.cpu())
        .put("system", machine.system())
        .put("jdk", machine.jdk())
        .put("pinning", machine.pinning())
        .put("commit", machine.commit());
    ArrayNode named = root.putArray("works");
    works.forEach(
        work ->
            named
                .addObject()
                .put("name", work.name())
                .put("description", work.description())
                .set("parameters", JSON.valueToTree(work)));
    ArrayNode list = root.putArray("runs");
    for (Run run : runs) {
      ObjectNode one = list.addObject();
      one.put("round", run.round()).put("server", run.server()).put("work", run.work());
      one.set("faults", JSON.valueToTree(run.faults()));
      Outcome outcome = run.outcome();
      if (outcome != null) {
        one.put("lost", outcome.lost());
        one.put("duplicated", outcome.duplicated());
        one.put("reordered", outcome.reordered());
        one.set("figures", JSON.valueToTree(new TreeMap<>(outcome.figures())));
        one.set("raw", JSON.valueToTree(outcome.raw()));
      }
    }
    Path file = directory.resolve("bench.json");
    JSON.writeValue(file.toFile(), root);
    return file;
  }
}
