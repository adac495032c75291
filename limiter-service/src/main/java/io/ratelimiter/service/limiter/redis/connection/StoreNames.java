package io.ratelimiter.service.limiter.redis.connection;

import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;

/**
 * Resolves the store's host name with the machine's name servers, without blocking an event loop.
 */
final class StoreNames {

  /**
   * Max time for which an address is cached, even if the name server permits longer (a container
   * engine's permits ten minutes): a store that returns at another address must be found.
   */
  private static final int MAX_CACHED_SECONDS = 5;

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
            .ttl(0, MAX_CACHED_SECONDS)
            .negativeTtl(0));
  }
}
