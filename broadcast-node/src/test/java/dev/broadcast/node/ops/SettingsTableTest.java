package dev.broadcast.node.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.OptionSpec;

/** The settings' page is made from the flags; {@code -Dbroadcast.write=true} writes it. */
class SettingsTableTest {
  private static final String BEGIN = "<!-- settings: written by SettingsTableTest -->\n";
  private static final String END = "<!-- end of settings -->\n";

  @Test
  void thePageShowsEveryFlagAsItIs() throws Exception {
    Path page = Path.of("").toAbsolutePath().resolveSibling("docs").resolve("configuration.md");
    String text = Files.readString(page);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    int end = text.indexOf(END);
    if (Boolean.getBoolean("broadcast.write")) {
      text = text.substring(0, begin) + table() + text.substring(end);
      Files.writeString(page, text);
      end = text.indexOf(END);
    }
    assertEquals(
        table(),
        text.substring(begin, end),
        "docs/configuration.md is stale: mvn test -pl broadcast-node -am -Dtest=SettingsTableTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dbroadcast.write=true");
  }

  private static String table() {
    var nowhere = new PrintWriter(Writer.nullWriter());
    var line = new SettingsReader(Map.of(), nowhere, nowhere).commandLine(new SettingsCommand());
    StringBuilder table =
        new StringBuilder("| flag | variable | default | what it is |\n|---|---|---|---|\n");
    for (OptionSpec option : line.getCommandSpec().options()) {
      if (!option.usageHelp() && !option.versionHelp()) {
        String flag = option.longestName();
        table
            .append("| `" + flag + " " + option.paramLabel().replace("|", "\\|") + "` | `")
            .append(SettingsReader.variable(flag) + "` | ")
            .append(option.defaultValue() == null ? "" : "`" + option.defaultValue() + "`")
            .append(" | " + String.join(" ", option.description()) + " |\n");
      }
    }
    return table.toString();
  }
}
