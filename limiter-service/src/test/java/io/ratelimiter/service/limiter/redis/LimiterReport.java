package io.ratelimiter.service.limiter.redis;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Placement;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.evaluation.StoreKey;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Measures CPU time and memory of the scripts in one run on one server. */
final class LimiterReport {

  /** Later than the real clock. */
  private static final long START = 46_297L * 86_400 * 1_000_000;

  private static final int BATCH = 32;
  private static final int CLIENTS = 10_000;
  private static final int SAMPLE = 200;

  private final RedisServer server;
  private final Scripts scripts = new Scripts();
  private final int rounds;
  private final int commands;

  LimiterReport(RedisServer server, int rounds, int commands) {
    this.server = server;
    this.rounds = rounds;
    this.commands = commands;
  }

  /** Microseconds per command, medians over the rounds; within a round all commands alternate. */
  Map<String, Double> microsPerCommand() throws IOException {
    scripts.sources().forEach(script -> server.command("SCRIPT", "LOAD", script));
    Map<String, List<byte[]>> batches = new LinkedHashMap<>();
    batches.put("SET", batches(this::set));
    for (Algorithm algorithm : Algorithm.values()) {
      batches.put(algorithm.wireName(), batches(client -> check(client, rule(1, algorithm))));
    }
    batches.put(
        "token_bucket, two limits",
        batches(client ->
            check(client, rule(1, Algorithm.TOKEN_BUCKET), rule(2, Algorithm.TOKEN_BUCKET))));
    Map<String, double[]> micros = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (var entry : batches.entrySet()) {
        server.command("FLUSHALL");
        micros.computeIfAbsent(entry.getKey(), _ -> new double[rounds])[round] =
            measure(entry.getValue());
      }
    }
    Map<String, Double> medians = new LinkedHashMap<>();
    micros.forEach((what, values) -> {
      Arrays.sort(values);
      medians.put(what, values[values.length / 2]);
    });
    return medians;
  }

  /** CPU time of the server, which varies less than elapsed time on a shared machine. */
  private double measure(List<byte[]> batches) throws IOException {
    try (Pipeline pipeline = new Pipeline(server.port())) {
      for (byte[] batch : batches.subList(0, 10)) {
        pipeline.send(batch, BATCH);
      }
      double start = cpuSeconds();
      for (int sent = 0; sent < commands; sent += BATCH) {
        pipeline.send(batches.get(sent / BATCH % batches.size()), BATCH);
      }
      return (cpuSeconds() - start) * 1_000_000 / commands;
    }
  }

  private double cpuSeconds() {
    return info("cpu", "used_cpu_sys") + info("cpu", "used_cpu_user");
  }

  private double info(String section, String field) {
    return server
        .command("INFO", section)
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .mapToDouble(line -> Double.parseDouble(line.substring(field.length() + 1).strip()))
        .findFirst()
        .orElseThrow();
  }

  private interface Command {
    List<String> of(int client);
  }

  private static List<byte[]> batches(Command command) {
    List<byte[]> batches = new ArrayList<>();
    for (int first = 0; first + BATCH <= CLIENTS; first += BATCH) {
      List<List<String>> batch = new ArrayList<>();
      for (int i = 0; i < BATCH; i++) {
        batch.add(command.of(first + i));
      }
      batches.add(Pipeline.encode(batch));
    }
    return batches;
  }

  /** The write of a bucket without a script. */
  private List<String> set(int client) {
    return List.of(
        "SET", "rl:{default/client-" + client + "}:1:tb:60:global", "1000000:4000060800000000");
  }

  private List<String> check(int client, Rule... rules) {
    Script script = scripts.check(List.of(rules));
    Check check = new Check("default", "client-" + client, "global", 1);
    List<String> command =
        new ArrayList<>(List.of("EVALSHA", script.sha(), Integer.toString(rules.length)));
    for (Rule rule : rules) {
      command.add(StoreKey.of(StoreKey.prefix(check, Placement.CLIENT), rule, check));
    }
    command.addAll(List.of("1", ""));
    for (Rule rule : rules) {
      String limit = Long.toString(rule.policy().limit());
      command.addAll(List.of(rule.policy().algorithm().code(), limit, "60", limit, "enforce"));
    }
    return command;
  }

  /** Blocks no check, since a block is cheaper than a charge. */
  private static Rule rule(long id, Algorithm algorithm) {
    return Rules.enforcing(id, Rules.policy(algorithm, 10_000, 60));
  }

  /** {@code MEMORY USAGE} of the key of a client that took {@code charges} single units, bytes. */
  long bytes(RedisUnderTest redis, Algorithm algorithm, int charges) {
    server.command("FLUSHALL");
    Match match = Rules.match(rule(1, algorithm));
    Check check = new Check("default", "client-0001", "global", 1);
    for (int i = 0; i < charges; i++) {
      redis.check(START + i * 1_000L, check, match);
    }
    String key = server.command("KEYS", "*");
    return Long.parseLong(server.command("MEMORY", "USAGE", key));
  }

  /** Memory that 1 000 clients of a hundred charges each add to the server, bytes. */
  long bytesOfThousandClients(RedisUnderTest redis, Algorithm algorithm) {
    server.command("FLUSHALL");
    Match match = Rules.match(rule(1, algorithm));
    double before = info("memory", "used_memory");
    // Only the log grows with the charges.
    int charges = algorithm == Algorithm.SLIDING_WINDOW ? 100 : 1;
    for (int client = 0; client < 1_000; client += 1_000 / SAMPLE) {
      Check check = new Check("default", "client-" + client, "global", 1);
      for (int i = 0; i < charges; i++) {
        redis.check(START + i * 1_000L, check, match);
      }
    }
    return (long) (info("memory", "used_memory") - before) * (1_000 / SAMPLE);
  }

  /**
   * The max units that a client with a limit of 100 per minute is granted in any second and in any
   * minute. It begins a tenth of a second before a minute's end and checks ten times per second.
   */
  long[] greedy(RedisUnderTest redis, Algorithm algorithm) {
    server.command("FLUSHALL");
    Match match = Rules.match(Rules.enforcing(1, Rules.policy(algorithm, 100, 60)));
    List<Long> passed = new ArrayList<>();
    for (int i = 0; i < 1_500; i++) {
      // 100 checks on either side of the edge, then one each time.
      for (int unit = 0; unit < (i < 2 ? 100 : 1); unit++) {
        long now = START + 59_900_000 + i * 100_000L + unit;
        Check check = new Check("default", "greedy", "global", 1);
        if (redis.check(now, check, match) instanceof Decision.Allowed) {
          passed.add(now);
        }
      }
    }
    return new long[] {maxWithin(passed, 1_000_000), maxWithin(passed, 60_000_000)};
  }

  private static long maxWithin(List<Long> times, long micros) {
    int first = 0;
    int max = 0;
    for (int last = 0; last < times.size(); last++) {
      while (times.get(first) <= times.get(last) - micros) {
        first++;
      }
      max = Math.max(max, last - first + 1);
    }
    return max;
  }

  static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
