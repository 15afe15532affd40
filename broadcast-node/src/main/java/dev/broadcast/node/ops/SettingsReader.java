package dev.broadcast.node.ops;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Reads the settings from the command line and, where that is silent, from the environment. */
public final class SettingsReader {
  /** The exit status for settings that cannot be. */
  public static final int USAGE = 2;

  private final Map<String, String> environment;
  private final PrintWriter out;
  private final PrintWriter err;
  private boolean authenticators;

  /**
   * @param environment usually {@link System#getenv()}
   * @param out for help and version
   * @param err for what is wrong
   */
  public SettingsReader(Map<String, String> environment, PrintWriter out, PrintWriter err) {
    this.environment = environment;
    this.out = out;
    this.err = err;
  }

  /** The program itself says who may do what, so that no key is required. */
  public SettingsReader withAuthenticators(boolean some) {
    authenticators = some;
    return this;
  }

  /**
   * What came of reading.
   *
   * @param settings null if the program is to end instead
   * @param exit with which status
   */
  public record Outcome(@Nullable Settings settings, int exit) {}

  /** Reads; what is wrong is one line on {@code err}. */
  public Outcome read(String... arguments) {
    SettingsCommand command = new SettingsCommand();
    CommandLine line = commandLine(command);
    try {
      var parsed = line.parseArgs(arguments);
      if (parsed.isUsageHelpRequested()) {
        line.usage(out);
        out.flush();
        return new Outcome(null, 0);
      }
      if (parsed.isVersionHelpRequested()) {
        out.println("broadcast " + version());
        out.flush();
        return new Outcome(null, 0);
      }
      Settings settings = command.settings();
      // Whether there are any in the plug-ins shows when these are loaded.
      settings.requireRights(authenticators || !settings.access().plugins().isEmpty());
      return new Outcome(settings, 0);
    } catch (ParameterException e) {
      return wrong(describe(e, arguments));
    } catch (InvalidSettingException e) {
      return wrong(e.getMessage() + source(e.flag(), arguments));
    }
  }

  /**
   * Settings for a node that is part of a program: of these flags alone, not of the environment.
   *
   * @param authenticators whether the program says itself who may do what
   * @throws IllegalArgumentException with one line that names the flag, if one is wrong
   */
  public static Settings of(boolean authenticators, String... flags) {
    StringWriter said = new StringWriter();
    PrintWriter err = new PrintWriter(said);
    Settings settings =
        new SettingsReader(Map.of(), err, err)
            .withAuthenticators(authenticators)
            .read(flags)
            .settings();
    if (settings == null) {
      throw new IllegalArgumentException(said.toString().strip());
    }
    return settings;
  }

  /** The environment variable of a flag. */
  static String variable(String flag) {
    return "BROADCAST_" + flag.replaceFirst("^--", "").replace('-', '_').toUpperCase(Locale.ROOT);
  }

  CommandLine commandLine(SettingsCommand command) {
    CommandLine line = new CommandLine(command);
    // "@FILE" is the content of a file as a key, not as further arguments.
    line.setExpandAtFiles(false);
    line.registerConverter(Duration.class, Converters::duration);
    line.registerConverter(Size.class, Converters::size);
    line.registerConverter(int.class, Converters::number);
    line.setDefaultValueProvider(
        argument ->
            argument instanceof OptionSpec option && !option.usageHelp() && !option.versionHelp()
                ? environment.get(variable(option.longestName()))
                : null);
    return line;
  }

  private Outcome wrong(String text) {
    err.println("broadcast: " + text);
    err.flush();
    return new Outcome(null, USAGE);
  }

  private String describe(ParameterException e, String... arguments) {
    ArgSpec argument =
        e instanceof OverwrittenOptionException twice ? twice.getOverwritten() : e.getArgSpec();
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    if (e instanceof UnmatchedArgumentException unmatched) {
      // A mistyped flag may carry a secret.
      String first = unmatched.getUnmatched().get(0).replaceFirst("=.*", "");
      return (first.startsWith("-")
              ? "unknown flag " + first
              : "unexpected argument" + behind(unmatched.getUnmatched().get(0), arguments))
          + "; see --help";
    }
    if (e instanceof OverwrittenOptionException && argument instanceof OptionSpec option) {
      return option.longestName() + ": once expected";
    }
    if (argument instanceof OptionSpec option) {
      String detail =
          Optional.ofNullable(e.getCause())
              .map(Throwable::getMessage)
              .orElse(message.replaceFirst("^Invalid value for option '[^']*'[^:]*: ", ""));
      boolean fromEnvironment = environment.containsKey(variable(option.longestName()));
      return option.longestName()
          + ": "
          + detail
          + (fromEnvironment ? " (" + variable(option.longestName()) + ")" : "");
    }
    return message;
  }

  /** The word before it only where that is a flag: it may be a secret that begins with a dash. */
  private String behind(String argument, String... arguments) {
    int at = List.of(arguments).indexOf(argument);
    String before = at > 0 ? arguments[at - 1].replaceFirst("=.*", "") : "";
    boolean flag =
        commandLine(new SettingsCommand()).getCommandSpec().optionsMap().containsKey(before);
    return flag ? " after " + before : "";
  }

  private String source(String flag, String... arguments) {
    for (String argument : arguments) {
      if (argument.equals(flag) || argument.startsWith(flag + "=")) {
        return "";
      }
    }
    return environment.containsKey(variable(flag)) ? " (" + variable(flag) + ")" : "";
  }

  private static String version() {
    return Optional.ofNullable(SettingsReader.class.getPackage().getImplementationVersion())
        .orElse("(built from sources)");
  }
}
