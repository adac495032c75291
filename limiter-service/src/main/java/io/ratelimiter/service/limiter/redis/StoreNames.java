package io.ratelimiter.service.limiter.redis;

import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;

/**
 * How the store's name becomes an address: by asking the machine's name servers, which blocks no
 * event loop.
 */
final class StoreNames {

  /**
   * However long an answer may be kept by its own word (by that of a container engine, ten
   * minutes): a store that comes back elsewhere must be found.
   */
  private static final int LONGEST_KEPT_SECONDS = 5;

  private StoreNames() {}

  static DnsAddressResolverGroup ofThisMachine() {
    return of(DnsServerAddressStreamProviders.platformDefault());
  }

  static DnsAddressResolverGroup of(DnsServerAddressStreamProvider servers) {
    return new DnsAddressResolverGroup(
        new DnsNameResolverBuilder()
            .datagramChannelType(NioDatagramChannel.class)
            .socketChannelType(NioSocketChannel.class)
            .nameServerProvider(servers)
            .ttl(0, LONGEST_KEPT_SECONDS)
            .negativeTtl(0));
  }
}
