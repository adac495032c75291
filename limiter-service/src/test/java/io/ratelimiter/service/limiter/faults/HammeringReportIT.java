package io.ratelimiter.service.limiter.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.limiter.redis.CommandStats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * B5: the cost of a blocked client that keeps retrying, and of one hot client, compared with ten
 * thousand allowed ones. Writes {@code target/hammering-report.md}; within a round the loads
 * alternate.
 */
@LocalStack
@Tag("faults")
class HammeringReportIT {

  private static final int ROUNDS = Integer.getInteger("report.rounds", 5);
  private static final Duration ROUND = Duration.ofSeconds(4);

  /**
   * The result of one load.
   *
   * @param trips round trips to the store per check
   */
  private record Round(double perSecond, double cpuMicros, double trips) {}

  @Test
  void aCachedBlockCostsNoRoundTrip(PrivateServers servers) throws IOException {
    RedisServer redis = servers.redis();
    KafkaServer kafka = servers.kafka();
    Map<String, String> environment =
        Map.of(
            "REDIS_PORT", Integer.toString(redis.port()),
            "KAFKA_BOOTSTRAP_SERVERS", "localhost:" + kafka.port(),
            "RULES_FILE",
                Path.of(HammeringReportIT.class.getResource("/fault-rules.json").getPath())
                    .toString());
    try (ServiceUnderTest service = ServiceUnderTest.publishing(environment)) {
      Map<String, Hammer> loads = new LinkedHashMap<>();
      loads.put("10 000 clients, all allowed", hammer(service, "wide", 10_000));
      loads.put("one hot client, all allowed", hammer(service, "wide", 1));
      loads.put("one client, blocked", hammer(service, "sl", 1));
      loads.values().forEach(hammer -> hammer.run(ROUND));
      Map<String, List<Round>> rounds = new LinkedHashMap<>();
      for (int i = 0; i < ROUNDS; i++) {
        loads.forEach((what, hammer) ->
            rounds.computeIfAbsent(what, _ -> new ArrayList<>()).add(round(redis, hammer)));
      }
      write(rounds);
      Round blocked = median(rounds.get("one client, blocked"));
      // A block is cached for at most a second; then all checks in flight go to the store.
      assertThat(blocked.trips()).isLessThan(0.05);
      assertThat(median(rounds.get("10 000 clients, all allowed")).trips()).isBetween(0.99, 1.01);
    }
  }

  private static Hammer hammer(ServiceUnderTest service, String tenant, int clients) {
    return new Hammer(service.url(), tenant, clients, i -> "client-" + i);
  }

  private static Round round(RedisServer redis, Hammer hammer) {
    redis.command("CONFIG", "RESETSTAT");
    Hammer.Result result = hammer.run(ROUND);
    long sent = CommandStats.calls(redis, "evalsha");
    return new Round(result.perSecond(), result.cpuMicros(), (double) sent / result.checks());
  }

  private static Round median(List<Round> rounds) {
    return rounds.stream()
        .sorted((a, b) -> Double.compare(a.perSecond(), b.perSecond()))
        .toList()
        .get(rounds.size() / 2);
  }

  private static void write(Map<String, List<Round>> rounds) throws IOException {
    double base = median(rounds.values().iterator().next()).perSecond();
    StringBuilder text =
        new StringBuilder(
            "| load | checks/s | ÷ 10 000 clients | CPU µs per check | store round trips per check |\n"
                + "|---|---|---|---|---|\n");
    rounds.forEach((what, all) -> {
      Round median = median(all);
      text.append(
          "| %s | %.0f | %.2f | %.0f | %.4f |\n"
              .formatted(
                  what,
                  median.perSecond(),
                  median.perSecond() / base,
                  median.cpuMicros(),
                  median.trips()));
    });
    Files.writeString(
        Files.createDirectories(Path.of("target")).resolve("hammering-report.md"), text);
    System.out.println(text);
  }
}
