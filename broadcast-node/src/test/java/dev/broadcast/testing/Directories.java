package dev.broadcast.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Whole directories: copy, empty, read for an error message. */
final class Directories {

  private Directories() {}

  /** A new directory next to {@code directory}. */
  static Path sibling(Path directory, String purpose) {
    try {
      Path parent = directory.toAbsolutePath().getParent();
      return Files.createTempDirectory(
          parent == null ? directory : parent, directory.getFileName() + "-" + purpose);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void copyContents(Path from, Path to) {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path source : (Iterable<Path>) tree::iterator) {
        Path target = to.resolve(from.relativize(source).toString());
        if (Files.isDirectory(source)) {
          Files.createDirectories(target);
        } else {
          Files.copy(source, target);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("copying " + from, e);
    }
  }

  static void deleteContents(Path directory) {
    try (Stream<Path> tree = Files.walk(directory)) {
      List<Path> deepestFirst =
          tree.filter(path -> !path.equals(directory)).sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("emptying " + directory, e);
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "(no output: " + e.getMessage() + ")";
    }
  }
}
