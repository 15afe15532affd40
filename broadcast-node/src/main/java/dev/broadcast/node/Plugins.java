package dev.broadcast.node;

import dev.broadcast.api.access.Authenticator;
import dev.broadcast.api.broadcaster.MessageHandler;
import dev.broadcast.node.ops.InvalidSettingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * What a program brings along: found by {@link ServiceLoader} on the class path and in the jars of
 * {@code --plugins}, or given.
 *
 * @param handlers see every message before it is published
 * @param authenticators say what the sender of a request may do
 */
record Plugins(List<MessageHandler> handlers, List<Authenticator> authenticators) {
  private static final String FLAG = "--plugins";
  private static final String JAR = ".jar";

  Plugins {
    handlers = List.copyOf(handlers);
    authenticators = List.copyOf(authenticators);
  }

  /**
   * Finds them.
   *
   * @param paths jars, and directories of jars
   * @throws InvalidSettingException if a path is neither, or what is in it cannot be used
   */
  static Plugins find(List<Path> paths) {
    ClassLoader loader = Plugins.class.getClassLoader();
    if (!paths.isEmpty()) {
      // Never closed: classes are loaded from it as long as the node runs.
      loader = new URLClassLoader("plugins", urls(paths), loader);
    }
    try {
      Plugins found =
          new Plugins(all(MessageHandler.class, loader), all(Authenticator.class, loader));
      if (!paths.isEmpty() && found.handlers.isEmpty() && found.authenticators.isEmpty()) {
        throw new InvalidSettingException(
            FLAG, "there is neither a MessageHandler nor an Authenticator in META-INF/services");
      }
      return found;
    } catch (ServiceConfigurationError e) {
      String cause = e.getCause() == null ? "" : ": " + e.getCause();
      throw new InvalidSettingException(FLAG, e.getMessage() + cause);
    }
  }

  /** The same with these authenticators before its own. */
  Plugins with(List<Authenticator> first) {
    List<Authenticator> all = new ArrayList<>(first);
    all.addAll(authenticators);
    return new Plugins(handlers, all);
  }

  private static <T> List<T> all(Class<T> service, ClassLoader loader) {
    List<T> all = new ArrayList<>();
    ServiceLoader.load(service, loader).forEach(all::add);
    return all;
  }

  private static URL[] urls(List<Path> paths) {
    List<URL> urls = new ArrayList<>();
    for (Path path : paths) {
      for (Path jar : jars(path)) {
        try {
          urls.add(jar.toUri().toURL());
        } catch (MalformedURLException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return urls.toArray(URL[]::new);
  }

  private static List<Path> jars(Path path) {
    if (Files.isRegularFile(path)) {
      return List.of(path);
    }
    try (Stream<Path> files = Files.list(path)) {
      List<Path> jars = files.filter(file -> file.toString().endsWith(JAR)).sorted().toList();
      if (jars.isEmpty()) {
        throw new InvalidSettingException(FLAG, "there are no jars in " + path);
      }
      return jars;
    } catch (IOException e) {
      throw new InvalidSettingException(FLAG, "neither a jar nor a directory of jars: " + path);
    }
  }
}
