package dev.broadcast.loadtest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.broadcast.loadtest.report.HtmlReport;
import dev.broadcast.loadtest.report.RawResults;
import dev.broadcast.loadtest.report.Summary;
import dev.broadcast.loadtest.report.TextTable;
import dev.broadcast.loadtest.server.Pinning;
import dev.broadcast.loadtest.server.ServerUnderTest;
import dev.broadcast.loadtest.server.Servers;
import dev.broadcast.loadtest.server.Surroundings;
import dev.broadcast.loadtest.work.Work;
import dev.broadcast.loadtest.work.Works;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The fan-out benchmark's command line. */
@Command(
    name = "loadtest/bench",
    sortOptions = false,
    usageHelpWidth = 110,
    description = {
      "Runs the same works against several SSE servers with the same client, in interleaved rounds on this machine, and"
          + " prints a table of medians. Raw JSON and a page with charts go to the output directory.",
      "The figure to quote is the server's CPU per delivery and its ratio to floor, a C program that only calls"
          + " send(2): other figures follow the machine. A run in which a message was lost, doubled or swapped is void."
    },
    footerHeading = "%nServers (--servers) and works (--works):%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every run counts",
      "1:a run is void or a server failed",
      "2:wrong arguments, or what was asked for is missing"
    })
public final class Bench implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "How often every server is started and measured; quote 3 or more (default: ${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(
      names = "--servers",
      paramLabel = "NAME",
      split = ",",
      description = "Which servers (default: all that this machine can run).")
  private List<String> serverNames = new ArrayList<>();

  @Option(
      names = "--works",
      paramLabel = "NAME",
      split = ",",
      description = "Which works (default: all).")
  private List<String> workNames = new ArrayList<>();

  @Option(
      names = "--java",
      paramLabel = "PATH",
      description = "The java that servers run on (default: the one that runs this).")
  private Path java = Path.of(System.getProperty("java.home"), "bin", "java");

  @Option(
      names = "--jvm-args",
      paramLabel = "ARGS",
      defaultValue = "-XX:+UseG1GC -Xmx2g",
      description = "Arguments for it, separated by blanks (default: ${DEFAULT-VALUE}).")
  private String jvmArguments = "-XX:+UseG1GC -Xmx2g";

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "How long each work publishes (default: as the work says).")
  private double seconds;

  @Option(
      names = "--warm-ups",
      paramLabel = "N",
      defaultValue = "12",
      description =
          "Unmeasured runs after each start, at the most; they end when they get no cheaper"
              + " (default: ${DEFAULT-VALUE}).")
  private int warmUps = 12;

  @Option(
      names = "--server-cpus",
      paramLabel = "LIST",
      defaultValue = "0",
      description = "Processors of the server, as taskset names them (default: ${DEFAULT-VALUE}).")
  private String serverCpus = "0";

  @Option(
      names = "--client-cpus",
      paramLabel = "LIST",
      defaultValue = "1",
      description = "Processors of the client and of Redis (default: ${DEFAULT-VALUE}).")
  private String clientCpus = "1";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where results go (default: loadtest/results).")
  private @Nullable Path out;

  @Option(
      names = "--project",
      paramLabel = "DIR",
      hidden = true,
      description = "The project's root directory.")
  private Path project = Path.of("");

  /** Runs it and ends the program. */
  public static void main(String[] arguments) {
    System.exit(
        commandLine()
            .setOut(console(FileDescriptor.out))
            .setErr(console(FileDescriptor.err))
            .execute(arguments));
  }

  // Figures hold µ and ×, whatever the machine's default charset is.
  private static PrintWriter console(FileDescriptor to) {
    return new PrintWriter(new OutputStreamWriter(new FileOutputStream(to), UTF_8), true);
  }

  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Bench());
    List<String> footer = new ArrayList<>();
    Servers.all()
        .forEach(
            server -> footer.add(String.format("  %-19s%s", server.name(), server.description())));
    footer.add("");
    Works.all()
        .forEach(work -> footer.add(String.format("  %-19s%s", work.name(), work.description())));
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
  public Integer call() throws IOException {
    PrintWriter progress = commandSpec().commandLine().getErr();
    project = project.toAbsolutePath().normalize();
    Path results = out == null ? project.resolve("loadtest/results") : out;
    List<Work> works = works();
    checkNumbers();
    Pinning pinning = Pinning.where(serverCpus, clientCpus);
    Surroundings surroundings =
        new Surroundings(
            project,
            java,
            List.of(jvmArguments.strip().split("\\s+")),
            System.getProperty("java.class.path"),
            results.resolve("work"),
            pinning);
    List<ServerUnderTest> servers = servers(surroundings, progress);
    Optional<String> unpinned = pinning.moveSelf();
    unpinned.ifPresent(progress::println);
    String where = unpinned.orElse("server on cpu " + serverCpus + ", client on cpu " + clientCpus);
    Machine machine = Machine.look(java, project, where);

    List<Run> runs =
        new Rounds(servers, works, rounds, new WarmUp(warmUps), surroundings, progress).run();

    List<Summary> summaries = Summary.of(works, servers, runs);
    PrintWriter table = commandSpec().commandLine().getOut();
    table.print(TextTable.of(machine, summaries));
    table.flush();
    Files.createDirectories(results);
    Path raw = RawResults.write(results, machine, works, runs);
    Path page = HtmlReport.write(results, machine, rounds, summaries);
    progress.println("raw: " + raw + System.lineSeparator() + "page: " + page);
    return runs.stream().allMatch(Run::counts) ? 0 : 1;
  }

  private List<ServerUnderTest> servers(Surroundings surroundings, PrintWriter progress) {
    List<ServerUnderTest> servers = new ArrayList<>();
    boolean asked = !serverNames.isEmpty();
    List<String> names =
        asked ? serverNames : Servers.all().stream().map(ServerUnderTest::name).toList();
    for (String name : names) {
      ServerUnderTest server =
          Servers.named(name)
              .orElseThrow(() -> wrong("--servers: there is no server '" + name + "'; see --help"));
      Optional<String> missing = server.missing(surroundings);
      if (missing.isEmpty()) {
        servers.add(server);
      } else if (asked) {
        throw wrong("--servers: " + name + " needs " + missing.get());
      } else {
        progress.println("without " + name + ": it needs " + missing.get());
      }
    }
    return servers;
  }

  private List<Work> works() {
    List<Work> works = new ArrayList<>();
    for (String name :
        workNames.isEmpty() ? Works.all().stream().map(Work::name).toList() : workNames) {
      Work work =
          Works.named(name)
              .orElseThrow(() -> wrong("--works: there is no work '" + name + "'; see --help"));
      works.add(seconds > 0 ? work.lasting(seconds) : work);
    }
    return works;
  }

  private void checkNumbers() {
    if (rounds < 1) {
      throw wrong("--rounds: at least 1");
    }
    if (warmUps < 0) {
      throw wrong("--warm-ups: at least 0");
    }
    if (seconds < 0) {
      throw wrong("--seconds: more than 0");
    }
    if (!Files.isExecutable(java)) {
      throw wrong("--java: " + java + " is not a program");
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(commandSpec().commandLine(), message);
  }

  private CommandSpec commandSpec() {
    return Objects.requireNonNull(spec, "set by picocli");
  }
}
