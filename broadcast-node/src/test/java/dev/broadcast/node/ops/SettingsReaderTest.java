package dev.broadcast.node.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {
  private final Map<String, String> environment = new HashMap<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private SettingsReader.Outcome read(String... arguments) {
    return new SettingsReader(environment, new PrintWriter(out), new PrintWriter(err))
        .read(arguments);
  }

  private Settings right(String... arguments) {
    Settings settings = read(arguments).settings();
    assertNotNull(settings, err.toString());
    return settings;
  }

  private void wrong(String named, String... arguments) {
    var outcome = read(arguments);
    assertNull(outcome.settings());
    assertEquals(2, outcome.exit());
    assertEquals(1, err.toString().lines().count(), err.toString());
    assertTrue(err.toString().startsWith("broadcast: " + named), err.toString());
  }

  @Test
  void hasDefaultsThatNeedNothing() {
    Settings settings = right();
    assertEquals("127.0.0.1", settings.host());
    assertEquals(8080, settings.port());
    assertNull(settings.redis());
    assertEquals(1000, settings.historySize());
    assertEquals(Duration.ofHours(1), settings.historyAge());
    assertEquals(Duration.ofSeconds(15), settings.heartbeat());
    assertEquals(1 << 20, settings.maxBody());
    assertEquals(100_000, settings.maxConnections());
    assertEquals(0, settings.maxConnectionsPerAddress());
    assertEquals(0, settings.maxPublishesPerSecond());
    assertEquals(Duration.ofSeconds(75), settings.idleTimeout());
    assertTrue(settings.loopback());
  }

  @Test
  void aFlagWinsOverTheEnvironment() {
    environment.put("BROADCAST_PORT", "1");
    environment.put("BROADCAST_HISTORY_AGE", "5m");
    Settings settings = right("--port", "2");
    assertEquals(2, settings.port());
    assertEquals(Duration.ofMinutes(5), settings.historyAge());
  }

  @Test
  void offIsOff() {
    Settings settings =
        right(
            "--heartbeat=off",
            "--max-connections-per-address=off",
            "--max-publishes-per-second=off",
            "--idle-timeout=off");
    assertEquals(Duration.ZERO, settings.heartbeat());
    assertEquals(0, settings.maxConnectionsPerAddress());
    assertEquals(0, settings.maxPublishesPerSecond());
    assertEquals(Duration.ZERO, settings.idleTimeout());
  }

  @ParameterizedTest
  @CsvSource({
    "--port,abc",
    "--port,-1",
    "--port,65536",
    "--port,''",
    "--heartbeat,15",
    "--heartbeat,0s",
    "--heartbeat,-1s",
    "--history-age,1d",
    "--history-age,1.5h",
    "--history-age,0s",
    "--history-size,0",
    "--history-size,1e3",
    "--queue-bytes,1024",
    "--queue-bytes,1MB",
    "--max-body,9GiB",
    "--ring-size,1KiB",
    "--write-timeout,10ms",
    "--drain,10",
    "--max-connections,0",
    "--max-connections-per-address,0",
    "--max-publishes-per-second,0",
    "--idle-timeout,75",
    "--idle-timeout,10ms",
    "--shards,0",
    "--redis-url,localhost:6379",
    "--redis-url,http://localhost",
    "--prefix,a b",
    "--node-id,a/b",
    "--publish-key,''",
    "--publish-key,a b",
    "--publish-key,@/no/such/file",
    "--jwt-key,''",
    "--jwt-audience,a",
    "--ticket-lifetime,60",
    "--ticket-lifetime,0s",
    "--tls-cert,cert.pem",
    "--tls-key,key.pem",
    "--redis-url,@/no/such/file",
    "--host,''",
    "--host,no-such-host.invalid"
  })
  void aWrongSettingIsOneLineThatNamesItsFlag(String flag, String value) {
    wrong(flag + ":", flag + "=" + value);
  }

  @Test
  void aWrongVariableIsNamedToo() {
    environment.put("BROADCAST_DRAIN", "10");
    wrong("--drain:");
    assertTrue(err.toString().contains("BROADCAST_DRAIN"), err.toString());
  }

  @Test
  void aWrongVariableThatBreaksARuleIsNamedToo() {
    environment.put("BROADCAST_PORT", "70000");
    wrong("--port:");
    assertTrue(err.toString().contains("BROADCAST_PORT"), err.toString());
  }

  @Test
  void aTypingErrorIsRefusedWithoutRepeatingASecret() {
    wrong("unknown flag --publish-kee", "--publish-kee=secret");
    assertFalse(err.toString().contains("secret"), err.toString());
  }

  @Test
  void strayArgumentsAndRepeatedFlagsAreRefused() {
    wrong("unexpected argument; see", "start");
  }

  @Test
  void whatIsNoValueOfItsFlagIsRefusedBehindIt() {
    wrong("unexpected argument after --strict;", "--strict", "maybe");
  }

  @Test
  void aStrayArgumentDoesNotRepeatTheSecretBeforeIt() {
    wrong("unexpected argument after --publish-key;", "--publish-key=0123456789abcdef", "more");
    assertFalse(err.toString().contains("0123456789abcdef"), err.toString());
  }

  @Test
  void aStrayArgumentDoesNotRepeatTheSecretBeforeItThatLooksLikeFlag() {
    wrong("unexpected argument; see", "--publish-key", "-0123456789abcdef", "more");
    assertFalse(err.toString().contains("0123456789abcdef"), err.toString());
  }

  @Test
  void aRepeatedFlagIsRefused() {
    wrong("--port: once", "--port=1", "--port=2");
  }

  @Test
  void beyondLoopbackAPublishKeyIsRequired() {
    wrong("--publish-key: required", "--host=0.0.0.0");
  }

  @Test
  void beyondLoopbackWithAPublishKeyItStarts() {
    assertFalse(right("--host=0.0.0.0", "--publish-key=k").loopback());
    assertTrue(right("--host=localhost").loopback());
    assertTrue(right("--host=::1").loopback());
  }

  @Test
  void oneKeyCannotHaveTwoRights() {
    wrong("--admin-key:", "--publish-key=k", "--admin-key=k");
  }

  @Test
  void aKeyCanStandInAFile(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("key"), "secret\n");
    assertEquals("secret", right("--publish-key=@" + file).publishKey());
    environment.put("BROADCAST_ADMIN_KEY", "@" + file);
    assertEquals("secret", right().adminKey());
  }

  @Test
  void secretsAreNotShown() {
    String shown =
        right("--publish-key=secret1", "--redis-url=redis://u:secret2@localhost").toString();
    assertFalse(shown.contains("secret"), shown);
  }

  @Test
  void helpNamesEveryFlagAndStartsNothing() {
    var outcome = read("--help");
    assertNull(outcome.settings());
    assertEquals(0, outcome.exit());
    var components = new ArrayList<>(List.of(Settings.class.getRecordComponents()));
    components.removeIf(component -> component.getType() == AccessSettings.class);
    components.addAll(List.of(AccessSettings.class.getRecordComponents()));
    for (var component : components) {
      String flag =
          "--"
              + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
      assertTrue(out.toString().contains(flag), flag);
    }
  }

  @Test
  void versionIsShown() {
    assertEquals(0, read("--version").exit());
    assertTrue(out.toString().startsWith("broadcast "), out.toString());
  }
}
