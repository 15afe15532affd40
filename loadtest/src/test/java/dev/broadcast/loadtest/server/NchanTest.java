package dev.broadcast.loadtest.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NchanTest {
  @Test
  void findsTheModuleWhereNginxWasBuiltToLook(@TempDir Path modules) throws IOException {
    String built = "configure arguments: --prefix=/usr --modules-path=" + modules + " --with-x";

    assertEquals(Optional.empty(), Nchan.module(built));
    Path module = Files.createFile(modules.resolve("ngx_nchan_module.so"));
    assertEquals(Optional.of(module), Nchan.module(built));
  }

  @Test
  void writesAConfigurationInWhichNothingIsLeftOpen() throws IOException {
    String configuration =
        Nchan.configuration(
            Path.of("/m/nchan.so"),
            Path.of("/w"),
            4711,
            "upstream redis { nchan_redis_server redis://127.0.0.1:1; }",
            "nchan_redis_pass redis;");

    assertFalse(configuration.contains("{{"), configuration);
    assertTrue(configuration.contains("load_module /m/nchan.so;"), configuration);
    assertTrue(configuration.contains("listen 127.0.0.1:4711 "), configuration);
    assertTrue(configuration.contains("pid /w/nginx.pid;"), configuration);
    assertTrue(configuration.contains("nchan_redis_server redis://127.0.0.1:1;"), configuration);
  }
}
