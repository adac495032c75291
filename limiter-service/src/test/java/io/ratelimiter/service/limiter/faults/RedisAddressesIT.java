package io.ratelimiter.service.limiter.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.Ports;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.CheckOptions;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.SettleRequest;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Priority;
import io.ratelimiter.service.rules.Rule;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every form of the store's address, with real servers. */
@LocalStack
class RedisAddressesIT {

  private static final Check CHECK = new Check("default", "client", "global", 1);

  /** All algorithms, so that every command that the scripts call is needed. */
  private static final Match ALL =
      Rules.match(
          Arrays.stream(Algorithm.values())
              .map(a -> Rules.enforcing(a.ordinal() + 1, Rules.policy(a, 1_000, 3_600)))
              .toArray(Rule[]::new));

  @Test
  void aDatabaseAndAPasswordInTheUrlAreUsed(PrivateServers servers) {
    RedisServer redis = servers.redis(RedisServer.Options.DEFAULT);
    redis.command("ACL", "SETUSER", "other", "on", ">secret", "~*", "+@all");
    try (StoreUnderFault limiter =
        StoreUnderFault.at("redis://other:secret@localhost:" + redis.port() + "/3")) {
      assertThat(limiter.check(CHECK, ALL).source()).isEqualTo(Source.REDIS);
    }
    assertThat(redis.command("INFO", "keyspace")).contains("db3:keys=4");
  }

  @Test
  void hostPortAndDatabaseAreUsedWhereThereIsNoUrl(PrivateServers servers) {
    RedisServer redis = servers.redis();
    try (StoreUnderFault limiter = StoreUnderFault.at("localhost", redis.port(), 2)) {
      assertThat(limiter.check(CHECK, ALL).source()).isEqualTo(Source.REDIS);
    }
    assertThat(redis.command("INFO", "keyspace")).contains("db2:keys=4");
  }

  @Test
  void theDocumentedPermissionsAreSufficient(PrivateServers servers) {
    RedisServer redis = servers.redis(RedisServer.Options.DEFAULT);
    Permissions.grant(redis);
    try (StoreUnderFault limiter =
        StoreUnderFault.at("redis://limiter:secret@localhost:" + redis.port())) {
      assertThat(limiter.check(CHECK, ALL).source()).isEqualTo(Source.REDIS);
      redis.command("SCRIPT", "FLUSH");
      assertThat(limiter.check(CHECK, ALL).source()).isEqualTo(Source.REDIS);
      // A missing permission would fail these calls.
      limiter.counters().refund(CHECK, ALL, "id").toCompletableFuture().join();
      limiter.counters().reset(CHECK, ALL).toCompletableFuture().join();
      for (String id : List.of("d1", "d2")) {
        CheckOptions settling = new CheckOptions(Priority.NORMAL, 0, 60_000, id);
        assertThat(limiter.check(CHECK.with(settling), ALL).source()).isEqualTo(Source.REDIS);
        SettleRequest request =
            new SettleRequest(CHECK.tenant(), CHECK.clientId(), id, CHECK.cost() - 1);
        assertThat(limiter.counters().settle(request).toCompletableFuture().join()).isPresent();
      }
    }
  }

  @Test
  void aTlsUrlIsConnectedWithTls(PrivateServers servers, @TempDir Path folder) throws Exception {
    Certificate certificate = Certificate.selfSigned(folder);
    int tlsPort = Ports.free();
    servers.redis(
        RedisServer.Options.DEFAULT.with(
            "--tls-port", Integer.toString(tlsPort),
            "--tls-cert-file", certificate.certificate().toString(),
            "--tls-key-file", certificate.key().toString(),
            "--tls-auth-clients", "no"));
    try (StoreUnderFault limiter =
        StoreUnderFault.at("rediss://localhost:" + tlsPort + "?verifyPeer=NONE")) {
      assertThat(limiter.check(CHECK, ALL).source()).isEqualTo(Source.REDIS);
    }
  }
}
