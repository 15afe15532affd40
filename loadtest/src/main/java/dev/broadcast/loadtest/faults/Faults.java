package dev.broadcast.loadtest.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.broadcast.loadtest.server.Programs;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command. */
@Command(
    name = "loadtest/faults",
    sortOptions = false,
    usageHelpWidth = 110,
    description = {
      "Starts packaged nodes and a Redis, or sentinels, or a Cluster, publishes and subscribes without any of the node's code, lets everything go"
          + " wrong in an order that the seed decides, and judges: every acknowledged message on every client, once, in"
          + " order, or an explicit reset where Redis itself lost it. The same seed repeats the schedule."
    },
    footerHeading = "%nFaults (--faults):%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every promise was kept",
      "1:one was not: seed, schedule and the message's path are printed",
      "2:wrong arguments, or what was asked for is missing",
      "3:the scene could not be set: Redis, nodes or clients did not come up, which is said"
    })
public final class Faults implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "What decides faults and times (default: another one each time).")
  private @Nullable Long seed;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "1",
      description = "How often every fault happens (default: ${DEFAULT-VALUE}).")
  private int rounds = 1;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "To end after so many faults (default: all).")
  private int steps = Integer.MAX_VALUE;

  @Option(
      names = "--faults",
      paramLabel = "NAME",
      split = ",",
      description = "Which faults (default: all that this machine can have).")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "3",
      description = "How many nodes (default: ${DEFAULT-VALUE}).")
  private int nodes = 3;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "40",
      description = "How many clients (default: ${DEFAULT-VALUE}).")
  private int clients = 40;

  @Option(
      names = "--pause",
      paramLabel = "MS",
      defaultValue = "20",
      description = "Between two publishes of each of 4 publishers (default: ${DEFAULT-VALUE}).")
  private int pause = 20;

  @Option(
      names = "--pairs",
      description = "With each fault of Redis one of a node, a network or clients happens, too.")
  private boolean pairs;

  @Option(
      names = "--go-on",
      description = "Tell of a broken promise and go on with the next fault.")
  private boolean goOn;

  @Option(
      names = "--java",
      paramLabel = "PATH",
      description = "The java that nodes run on (default: the one that runs this).")
  private Path java = Path.of(System.getProperty("java.home"), "bin", "java");

  @Option(
      names = "--jvm-args",
      paramLabel = "ARGS",
      defaultValue = "-Xmx256m -XX:TieredStopAtLevel=1",
      description = "Arguments for it, separated by blanks (default: ${DEFAULT-VALUE}).")
  private String jvmArguments = "-Xmx256m -XX:TieredStopAtLevel=1";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where logs and data go (default: loadtest/results/faults).")
  private @Nullable Path out;

  @Option(
      names = "--patience",
      paramLabel = "S",
      defaultValue = "30",
      description = "How long to wait for what is missing (default: ${DEFAULT-VALUE}).")
  private int patience = 30;

  @Option(
      names = "--patch",
      paramLabel = "DIR",
      hidden = true,
      description = "Classes and files to run instead of the node's own: to plant a bug.")
  private @Nullable Path patch;

  @Option(
      names = "--project",
      paramLabel = "DIR",
      hidden = true,
      description = "The project's root directory.")
  private Path project = Path.of("");

  /** Runs it and ends the program. */
  public static void main(String[] arguments) {
    PrintWriter console =
        new PrintWriter(
            new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), UTF_8), true);
    System.exit(commandLine().setOut(console).execute(arguments));
  }

  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Faults());
    List<String> footer = new ArrayList<>();
    Catalogue.all()
        .forEach(
            fault -> footer.add(String.format("  %-25s%s", fault.name(), fault.description())));
    commandLine
        .getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this and end.")
                .build());
    commandLine.getCommandSpec().usageMessage().footer(footer.toArray(String[]::new));
    return commandLine;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter console = Objects.requireNonNull(spec, "set by picocli").commandLine().getOut();
    long chosen = seed == null ? new SplittableRandom().nextLong(1_000_000) : seed;
    Map<Shape, List<Step>> schedules =
        Schedule.byShape(chosen, rounds, faults(console), nodes, steps, pairs);
    int count = schedules.values().stream().mapToInt(List::size).sum();
    console.println("seed " + chosen + ", " + count + " steps");
    Path work = emptied(out == null ? project.resolve("loadtest/results/faults") : out);
    try {
      List<StepResult> results = new ArrayList<>();
      for (Map.Entry<Shape, List<Step>> each : schedules.entrySet()) {
        console.println("On " + each.getKey().description() + ":");
        results.addAll(play(chosen, each.getKey(), each.getValue(), work, console));
      }
      console.print(FaultTable.of(results));
      boolean clean = results.stream().allMatch(result -> result.verdict().clean());
      console.println("seed " + chosen + (clean ? ": every promise was kept" : ": see above"));
      return clean ? 0 : 1;
    } catch (Suite.Failed e) {
      console.println(e.getMessage());
      return 1;
    } catch (IOException e) {
      console.println("seed " + chosen + ": the scene could not be set: " + e);
      return 3;
    } finally {
      console.flush();
    }
  }

  private List<StepResult> play(
      long chosen, Shape shape, List<Step> schedule, Path work, PrintWriter console)
      throws IOException, InterruptedException, Suite.Failed {
    Path directory = work.resolve(shape.name().toLowerCase(Locale.ROOT));
    Scene.Cast cast =
        new Scene.Cast(shape, command(), Files.createDirectories(directory), nodes, clients, pause);
    try (Scene scene = new Scene(cast, chosen)) {
      return new Suite(scene, java, patience, console).run(chosen, schedule, goOn);
    }
  }

  private List<Fault> faults(PrintWriter console) {
    List<Fault> faults = new ArrayList<>();
    boolean asked = !names.isEmpty();
    for (String name : asked ? names : Catalogue.all().stream().map(Fault::name).toList()) {
      Fault fault =
          Catalogue.named(name)
              .orElseThrow(() -> wrong("--faults: there is no fault '" + name + "'; see --help"));
      Optional<String> missing = Catalogue.missing(fault);
      if (missing.isEmpty()) {
        faults.add(fault);
      } else if (asked) {
        throw wrong("--faults: " + name + " needs " + missing.get());
      } else {
        console.println("without " + name + ": it needs " + missing.get());
      }
    }
    return faults;
  }

  private List<String> command() {
    Path jar = project.resolve("broadcast-node/target/broadcast-node.jar").toAbsolutePath();
    if (!Files.exists(jar)) {
      throw wrong(jar + " is missing (mvn -pl broadcast-node -am package)");
    }
    if (Programs.find("redis-server").isEmpty()) {
      throw wrong("redis-server is not on the path (Debian: apt install redis-server)");
    }
    List<String> command = new ArrayList<>(List.of(java.toString()));
    command.addAll(List.of(jvmArguments.strip().split("\\s+")));
    if (patch == null) {
      command.addAll(List.of("-jar", jar.normalize().toString()));
    } else {
      command.addAll(List.of("-cp", patch + ":" + jar, "dev.broadcast.node.Main"));
    }
    return command;
  }

  private static Path emptied(Path directory) throws IOException {
    if (Files.exists(directory)) {
      RedisProcess.delete(directory);
    }
    return Files.createDirectories(directory).toAbsolutePath();
  }

  private ParameterException wrong(String message) {
    return new ParameterException(
        Objects.requireNonNull(spec, "set by picocli").commandLine(), message);
  }
}
