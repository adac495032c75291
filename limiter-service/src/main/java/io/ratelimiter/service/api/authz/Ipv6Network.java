package io.ratelimiter.service.api.authz;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/** Networks of IPv6 addresses: one caller usually owns all 2^64 addresses of a network. */
final class Ipv6Network {

  /** Supported prefix lengths, bits. */
  static final List<String> PREFIXES = List.of("48", "56", "64");

  private static final Pattern ZEROS = Pattern.compile("(^0)?(:0)+$");

  private Ipv6Network() {}

  /**
   * The network of an IPv6 address in any notation: {@code 2001:db8::/64}. An IPv4-mapped address
   * becomes the IPv4 address; all other text is returned unchanged. Never resolves a name.
   */
  static String of(String address, int prefixBits) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    try {
      InetAddress parsed = InetAddress.ofLiteral(address);
      return parsed instanceof Inet6Address
          ? network(parsed.getAddress(), prefixBits)
          : parsed.getHostAddress();
    } catch (IllegalArgumentException _) {
      return address;
    }
  }

  private static String network(byte[] address, int prefixBits) {
    Arrays.fill(address, prefixBits / Byte.SIZE, address.length, (byte) 0);
    StringJoiner groups = new StringJoiner(":");
    ByteBuffer bytes = ByteBuffer.wrap(address);
    while (bytes.hasRemaining()) {
      groups.add(Integer.toHexString(Short.toUnsignedInt(bytes.getShort())));
    }
    return ZEROS.matcher(groups.toString()).replaceFirst("::") + "/" + prefixBits;
  }
}
