package dev.broadcast.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;

/** A jar as somebody else would build it: compiled against the packaged node's classes. */
final class PluginJar {
  private PluginJar() {}

  /**
   * Builds one of the sources in {@code plugin/shop}.
   *
   * @param services what it says it offers: implementations by interface
   */
  static Path build(Path directory, String name, Map<String, String> services) throws IOException {
    Path classes = Files.createDirectories(directory.resolve(name + "-classes"));
    List<String> sources =
        Stream.of("Prices", "Sessions").map(type -> source(directory, type).toString()).toList();
    List<String> arguments =
        Stream.concat(
                Stream.of("-cp", NodeProcess.jar().toString(), "-d", classes.toString()),
                sources.stream())
            .toList();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    if (status != 0) {
      throw new IllegalStateException("the plug-in cannot be compiled");
    }
    Path jar = directory.resolve(name + ".jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
      }
      for (Map.Entry<String, String> service : services.entrySet()) {
        out.putNextEntry(new ZipEntry("META-INF/services/" + service.getKey()));
        out.write(service.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return jar;
  }

  private static Path source(Path directory, String type) {
    String name = "/plugin/shop/" + type + ".java";
    try (InputStream in = PluginJar.class.getResourceAsStream(name)) {
      Path file = directory.resolve(type + ".java");
      Files.write(file, in.readAllBytes());
      return file;
    } catch (IOException e) {
      throw new IllegalStateException(name, e);
    }
  }
}
