package io.ratelimiter.service.limiter.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class StoreNamesIT {

  @Test
  void aStoreThatMovedIsFoundWithinSecondsDespiteALongTtl() throws Exception {
    InetAddress here = InetAddress.getByName("127.0.0.1");
    InetAddress there = InetAddress.getByName("127.0.0.2");
    try (NameServer server = new NameServer(here);
        MultiThreadIoEventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        DnsAddressResolverGroup names =
            StoreNames.of(new SingletonDnsServerAddressStreamProvider(server.address()))) {
      AddressResolver<InetSocketAddress> resolver = names.getResolver(loops.next());
      assertThat(addressOf(resolver)).isEqualTo(here);

      server.moveTo(there);

      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(addressOf(resolver)).isEqualTo(there));
    }
  }

  private static InetAddress addressOf(AddressResolver<InetSocketAddress> resolver)
      throws ExecutionException, InterruptedException {
    return resolver
        .resolve(InetSocketAddress.createUnresolved("redis.test", 6379))
        .get()
        .getAddress();
  }
}
