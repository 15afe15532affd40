package dev.broadcast.node.ops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** From the text of a flag to its value. */
final class Converters {
  private Converters() {}

  static Duration duration(String text) {
    return convert(text, Durations::parse);
  }

  static Size size(String text) {
    return convert(text, Size::parse);
  }

  static int number(String text) {
    if (!text.matches("-?[0-9]{1,9}")) {
      throw new TypeConversionException("a whole number expected, not '" + text + "'");
    }
    return Integer.parseInt(text);
  }

  /** {@code off} is {@link Duration#ZERO}. */
  static final class DurationOrOff implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      if (text.equals("off")) {
        return Duration.ZERO;
      }
      Duration duration = duration(text);
      if (duration.isZero()) {
        throw new TypeConversionException("a duration or off expected; 0 is no interval");
      }
      return duration;
    }
  }

  /** {@code off} is 0. */
  static final class NumberOrOff implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      if (text.equals("off")) {
        return 0;
      }
      int number = number(text);
      if (number < 1) {
        throw new TypeConversionException("a number from 1, or off, expected");
      }
      return number;
    }
  }

  /** In lower case. */
  static final class OfLogFormat implements ITypeConverter<LogFormat> {
    @Override
    public LogFormat convert(String text) {
      return switch (text) {
        case "text" -> LogFormat.TEXT;
        case "json" -> LogFormat.JSON;
        default -> throw new TypeConversionException("text or json expected, not '" + text + "'");
      };
    }
  }

  /** A key, or the content of a file: {@code @FILE}. A line break at its end is not part of it. */
  static @Nullable String key(String flag, @Nullable String given) {
    if (given == null || !given.startsWith("@")) {
      return given;
    }
    try {
      return Files.readString(Path.of(given.substring(1))).replaceFirst("\\R\\z", "");
    } catch (IOException | InvalidPathException e) {
      throw new InvalidSettingException(flag, "the file " + given.substring(1) + " cannot be read");
    }
  }

  private static <T> T convert(String text, Function<String, T> parse) {
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage() + ", not '" + text + "'");
    }
  }
}
