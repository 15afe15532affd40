package dev.broadcast.node.security;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a request decides whether it may be made. Header values as they came, null if absent.
 *
 * @param host the {@code Host} header or {@code :authority}
 * @param origin the {@code Origin} header, which browsers set and scripts cannot forge
 * @param fetchSite the {@code Sec-Fetch-Site} header, likewise
 * @param authorization the {@code Authorization} header
 * @param cookies the {@code Cookie} headers
 */
public record RequestHead(
    @Nullable String host,
    @Nullable String origin,
    @Nullable String fetchSite,
    @Nullable String authorization,
    List<String> cookies) {

  @Override
  public String toString() {
    return "RequestHead[host=" + host + ", origin=" + origin + "]";
  }
}
