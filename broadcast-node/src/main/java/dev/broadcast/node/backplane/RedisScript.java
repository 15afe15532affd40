package dev.broadcast.node.backplane;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.Base16;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One of the {@code .lua} files beside this class. Run by its digest; sent whole where Redis lost
 * it.
 */
final class RedisScript {
  private final byte[] source;
  private final String digest;

  private RedisScript(byte[] source) {
    this.source = source;
    this.digest = Base16.digest(source);
  }

  static RedisScript load(String name) {
    try (InputStream file = RedisScript.class.getResourceAsStream(name + ".lua")) {
      if (file == null) {
        throw new IllegalStateException("missing in the jar: " + name + ".lua");
      }
      return new RedisScript(file.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs it.
   *
   * @param answer called on a thread of the driver, or at once where it cannot be sent, with the
   *     reply or with what failed
   */
  void run(
      StatefulRedisConnection<byte[], byte[]> connection,
      byte[][] keys,
      byte[][] arguments,
      BiConsumer<@Nullable List<Object>, @Nullable Throwable> answer) {
    var unusedFirst =
        connection
            .async()
            .<List<Object>>evalsha(digest, ScriptOutputType.MULTI, keys, arguments)
            .whenComplete(
                (reply, failure) -> {
                  if (failure instanceof RedisNoScriptException) {
                    var unused =
                        connection
                            .async()
                            .<List<Object>>eval(source, ScriptOutputType.MULTI, keys, arguments)
                            .whenComplete(answer);
                  } else {
                    answer.accept(reply, failure);
                  }
                });
  }
}
