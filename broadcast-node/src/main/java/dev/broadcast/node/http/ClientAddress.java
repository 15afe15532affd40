package dev.broadcast.node.http;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Where a client is, for the limits that count by it. */
final class ClientAddress {
  private static final int IPV6_BYTES = 16;
  private static final int NETWORK_BYTES = 8;

  private ClientAddress() {}

  /** The address of whoever opened the socket, empty if it has none. */
  static String of(HttpServerRequest request) {
    SocketAddress address = request.remoteAddress();
    return of(address == null ? null : address.hostAddress());
  }

  /**
   * One text for all addresses of one client: of IPv6 the first 64 bits, since the rest is the
   * client's to choose (RFC 4291, 2.5.4); of IPv4 written as IPv6 the IPv4 address.
   */
  static String of(@Nullable String literal) {
    byte[] bytes = literal == null ? null : NetUtil.createByteArrayFromIpAddressString(literal);
    if (literal == null || bytes == null) {
      return "";
    }
    if (bytes.length < IPV6_BYTES) {
      return literal;
    }
    return isIpv4(bytes)
        ? NetUtil.bytesToIpAddress(bytes, IPV6_BYTES - 4, 4)
        : HexFormat.of().formatHex(bytes, 0, NETWORK_BYTES);
  }

  private static boolean isIpv4(byte[] ipv6) {
    for (int i = 0; i < IPV6_BYTES - 4; i++) {
      if (ipv6[i] != (i < 10 ? 0 : (byte) 0xff)) {
        return false;
      }
    }
    return true;
  }
}
