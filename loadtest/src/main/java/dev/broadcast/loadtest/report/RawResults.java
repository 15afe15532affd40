package dev.broadcast.loadtest.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.broadcast.loadtest.Machine;
import dev.broadcast.loadtest.Run;
import dev.broadcast.loadtest.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

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
    root.set("works", JSON.valueToTree(works));
    ArrayNode list = root.putArray("runs");
    for (Run run : runs) {
      ObjectNode one = list.addObject();
      one.put("round", run.round()).put("server", run.server()).put("work", run.work());
      one.set("faults", JSON.valueToTree(run.faults()));
      if (run.result() != null) {
        one.set("result", JSON.valueToTree(run.result()));
        one.put("cpu_micros_per_delivery", run.result().cpuMicrosPerDelivery());
        one.put("deliveries_per_second", run.result().deliveriesPerSecond());
      }
    }
    Path file = directory.resolve("bench.json");
    JSON.writeValue(file.toFile(), root);
    return file;
  }
}
