package io.ratelimiter.service.api.http;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The origin of a request.
 *
 * @param address of the other end of the connection: the caller, or the proxy in front of it
 * @param forwardedFor the address that the nearest proxy added to {@code X-Forwarded-For}; empty
 *     without one. A caller that connects directly can forge it
 */
public record Peer(String address, String forwardedFor) {

  private static final int NETWORK_BYTES = 8;

  /**
   * A peer by its addresses. An IPv6 address is reduced to its /64 network, since one caller
   * usually owns all of it; a text that is not an address becomes empty.
   *
   * @param address in numeric form
   * @param forwardedFor the last {@code X-Forwarded-For} header, as sent; null without one
   */
  public static Peer of(String address, @Nullable String forwardedFor) {
    return new Peer(network(address), forwardedFor == null ? "" : network(lastOf(forwardedFor)));
  }

  private static String lastOf(String list) {
    return list.substring(list.lastIndexOf(',') + 1).strip();
  }

  private static String network(String address) {
    try {
      byte[] bytes = InetAddress.ofLiteral(address).getAddress();
      return bytes.length <= NETWORK_BYTES
          ? InetAddress.ofLiteral(address).getHostAddress()
          : HexFormat.ofDelimiter(":").formatHex(Arrays.copyOf(bytes, NETWORK_BYTES)) + "::/64";
    } catch (IllegalArgumentException _) {
      return "";
    }
  }

  @Override
  public String toString() {
    return forwardedFor.isEmpty() ? address : address + " for " + forwardedFor;
  }
}
