package io.ratelimiter.service.limiter.redis;

import static io.ratelimiter.service.limiter.redis.LimiterReport.number;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisBinary;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.service.rules.Algorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Writes {@code target/limiter-report-*.md}: the CPU time of a check compared with a {@code SET},
 * and the memory of a client. Memory must be within its budget; times are reported without a check.
 * {@code -Dreport.rounds=9 -Dreport.commands=100000} measures longer.
 */
@LocalStack
class LimiterReportIT {

  private static final int ROUNDS = Integer.getInteger("report.rounds", 3);
  private static final int COMMANDS = Integer.getInteger("report.commands", 10_000);

  @Test
  @Tag("full")
  void aClientTakesNoMoreMemoryOfRedis62ThanItsBudget(PrivateServers servers) throws IOException {
    report(servers, RedisBinary.BUNDLED, "redis-6.2");
  }

  @Test
  @Tag("full")
  void aClientTakesNoMoreMemoryOfRedis7ThanItsBudget(PrivateServers servers) throws IOException {
    report(servers, RedisBinary.INSTALLED, "redis-7");
  }

  private static void report(PrivateServers servers, RedisBinary binary, String name)
      throws IOException {
    RedisServer server = servers.redis(RedisServer.Options.DEFAULT.with(binary));
    LimiterReport report = new LimiterReport(server, ROUNDS, COMMANDS);
    StringBuilder text = new StringBuilder("# Limiter on " + name + "\n");
    cost(report, text);
    try (RedisUnderTest redis = new RedisUnderTest(server)) {
      memory(report, redis, text);
      greedy(report, redis, text);
    }
    Path file =
        Files.createDirectories(Path.of("target")).resolve("limiter-report-" + name + ".md");
    Files.writeString(file, text);
    System.out.println(text);
  }

  private static void cost(LimiterReport report, StringBuilder text) throws IOException {
    Map<String, Double> micros = report.microsPerCommand();
    double set = micros.getOrDefault("SET", Double.NaN);
    text.append("\nOne connection, 32 commands at a time, 10 000 clients, medians of ")
        .append(ROUNDS)
        .append(" rounds of ")
        .append(COMMANDS)
        .append(
            " commands;\nCPU time of the server.\n\n| command | µs | SET ÷ it |\n|---|---|---|\n");
    micros.forEach((what, value) ->
        text.append("| %s | %s | %s |\n".formatted(what, number(value), number(set / value))));
    double one = micros.getOrDefault("token_bucket", Double.NaN);
    double two = micros.getOrDefault("token_bucket, two limits", Double.NaN);
    text.append("\nTwo limits run at ").append(number(one / two)).append(" of one.\n");
  }

  private static void memory(LimiterReport report, RedisUnderTest redis, StringBuilder text) {
    text.append(
        "\n| algorithm | bytes, 1 charge | budget | bytes, 100 charges | budget "
            + "| 1 000 clients of 100 charges, KB |\n|---|---|---|---|---|---|\n");
    for (Algorithm algorithm : Algorithm.values()) {
      long first = report.bytes(redis, algorithm, 1);
      long hundred = report.bytes(redis, algorithm, 100);
      long thousand = report.bytesOfThousandClients(redis, algorithm) / 1_024;
      text.append(
          "| %s | %d | %d | %d | %d | %d |\n"
              .formatted(
                  algorithm.wireName(),
                  first,
                  budget(algorithm, 1),
                  hundred,
                  budget(algorithm, 100),
                  thousand));
      assertThat(first).as(algorithm.wireName()).isLessThanOrEqualTo(budget(algorithm, 1));
      assertThat(hundred).as(algorithm.wireName()).isLessThanOrEqualTo(budget(algorithm, 100));
    }
  }

  private static long budget(Algorithm algorithm, int charges) {
    return switch (algorithm) {
      case TOKEN_BUCKET, FIXED_WINDOW -> 160;
      case SLIDING_WINDOW_COUNTER -> 200;
      case SLIDING_WINDOW -> 250 + 24L * charges;
    };
  }

  private static void greedy(LimiterReport report, RedisUnderTest redis, StringBuilder text) {
    text.append(
        "\nA greedy client of 100 per minute:\n\n| algorithm | max in any second | max in any minute |\n"
            + "|---|---|---|\n");
    for (Algorithm algorithm : Algorithm.values()) {
      long[] granted = report.greedy(redis, algorithm);
      text.append("| %s | %d | %d |\n".formatted(algorithm.wireName(), granted[0], granted[1]));
    }
  }
}
