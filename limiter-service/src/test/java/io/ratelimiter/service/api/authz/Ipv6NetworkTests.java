package io.ratelimiter.service.api.authz;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Ipv6NetworkTests {

  @ParameterizedTest
  @CsvSource({
    "2001:db8::1, 64, 2001:db8::/64",
    "2001:db8:0:0:1::, 64, 2001:db8::/64",
    "2001:DB8:0000:0:ffff:ffff:ffff:ffff, 64, 2001:db8::/64",
    "2001:db8::1:2:3:4, 64, 2001:db8::/64",
    "2001::1:2:3:4:5, 64, 2001:0:0:1::/64",
    "2001:0:0:1:2:3:4:5, 64, 2001:0:0:1::/64",
    "[2001:db8:1:2:3:4:5:6], 64, 2001:db8:1:2::/64",
    "2001:db8:1:2fff::1, 56, 2001:db8:1:2f00::/56",
    "2001:db8:1:2fff::1, 48, 2001:db8:1::/48",
    "fe80::1%no-such-interface, 64, fe80::1%no-such-interface",
    "::1, 64, ::/64",
    "::ffff:192.0.2.1, 64, 192.0.2.1",
    "::ffff:c000:201, 64, 192.0.2.1",
    "192.0.2.1, 64, 192.0.2.1",
    "cafe, 64, cafe",
    "urn:client:7, 64, urn:client:7",
    "2001:db8::1:80:, 64, 2001:db8::1:80:",
    "localhost:80, 64, localhost:80"
  })
  void anIpv6AddressStandsForItsNetworkAndAllElseForItself(
      String client, int prefixBits, String counted) {
    assertThat(Ipv6Network.of(client, prefixBits)).isEqualTo(counted);
  }
}
