package dev.broadcast.node.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file of the program that browsers load. Revalidated by its digest each time, so that a page
 * gets the script that fits its node after an update. Any event loop.
 */
final class AssetRoute {
  private static final int TAG_BYTES = 12;

  private final String type;
  private final Buffer plain;
  private final Buffer zipped;
  private final String tag;

  /**
   * @param file a resource beside this class
   * @param type its media type
   */
  AssetRoute(String file, String type) {
    byte[] bytes = read(file);
    this.type = type;
    this.plain = Buffer.buffer(bytes);
    this.zipped = Buffer.buffer(zip(bytes));
    this.tag = '"' + digest(bytes) + '"';
  }

  void get(Exchange exchange) {
    exchange.query().only(Set.of(), null);
    HttpServerResponse response = exchange.response();
    response.putHeader(HttpHeaders.ETAG, tag);
    response.putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
    response.headers().add(HttpHeaders.VARY, "Accept-Encoding"); // Beside Origin, perhaps.
    if (tag.equals(exchange.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
      response.setStatusCode(304).end();
      return;
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, type);
    response.putHeader("X-Content-Type-Options", "nosniff");
    if (takesGzip(exchange.request().getHeader(HttpHeaders.ACCEPT_ENCODING))) {
      response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
      exchange.send(zipped);
    } else {
      exchange.send(plain);
    }
  }

  // RFC 9110, 12.5.3; browsers say just "gzip", and who says "gzip;q=0" gets what it can read.
  private static boolean takesGzip(@Nullable String accepted) {
    if (accepted == null) {
      return false;
    }
    for (String coding : accepted.split(",", -1)) {
      if (coding.strip().equalsIgnoreCase("gzip")) {
        return true;
      }
    }
    return false;
  }

  private static byte[] read(String file) {
    try (InputStream in =
        Objects.requireNonNull(AssetRoute.class.getResourceAsStream(file), file)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  private static byte[] zip(byte[] bytes) {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return zipped.toByteArray();
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, TAG_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
