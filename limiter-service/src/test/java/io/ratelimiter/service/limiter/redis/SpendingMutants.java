package io.ratelimiter.service.limiter.redis;

import java.util.List;

/** Planted faults of the scripts of waiting and settling. */
final class SpendingMutants {

  private SpendingMutants() {}

  /** At least five for each file. */
  static List<Mutant> all() {
    return List.of(
        Mutant.of(
            "waiting", "waits a microsecond too long", "<= limit.latest", "- 1 <= limit.latest"),
        Mutant.of(
            "waiting",
            "never waits",
            "limit.at + bucket_drain(limit, above) <= limit.latest",
            "false"),
        Mutant.of("waiting", "waits without end", "<= limit.latest", "<= limit.latest * 2"),
        Mutant.of(
            "waiting",
            "waits for a cost above the capacity",
            "cost <= limit.capacity and limit.at",
            "limit.at"),
        Mutant.of("waiting", "waits at the capacity", "above <= 0", "above < 0"),
        Mutant.of(
            "spending",
            "the ceiling is not read",
            "limit.ceiling = tonumber(ARGV[arg])",
            "limit.ceiling = nil"),
        Mutant.of(
            "spending",
            "the first limit's arguments are read for all",
            "5 * spending.limits + 2 * i + 1",
            "5 * spending.limits + 3"),
        Mutant.of(
            "spending",
            "a limit that was not charged is settled",
            "limits[i].allowed and '1' or '0'",
            "'1'"),
        Mutant.of(
            "spending",
            "a record is kept for ever",
            ",\n    'PXAT', string.format('%d', math.ceil(now / 1000) + tonumber(ARGV[arg])))",
            ")"),
        Mutant.of("spending", "there is no record", "if not ARGV[arg] then", "if true then"),
        Mutant.of("settle", "a decision is settled again", "if settled then", "if false then"),
        Mutant.of(
            "settle", "a repeat is reported as new", "local answer = {0}", "local answer = {1}"),
        Mutant.of(
            "settle",
            "the whole estimate is given back",
            "algorithm.give(limit, estimate - cost)",
            "algorithm.give(limit, estimate)"),
        Mutant.of(
            "settle",
            "charges without a bound",
            "math.min(cost - estimate, room(limit, algorithm, tonumber(ARGV[arg + 5])))",
            "cost - estimate"),
        Mutant.of(
            "settle",
            "no overdraft is charged",
            "limit.capacity + overdraft",
            "limit.capacity + 0 * overdraft"),
        Mutant.of("settle", "a settled record is kept for ever", ", 'KEEPTTL')", ")"),
        Mutant.of("settle", "a rebase is not reported", "limit.rebased and 1 or 0", "0"),
        Mutant.of("settle", "a rebase is not written", "given == 0 and limit.rebased", "false"),
        Mutant.of(
            "settle",
            "what is not charged is not reported",
            "math.max(0, cost - estimate - taken)",
            "0"),
        Mutant.of(
            "settle",
            "the debt of waiting checks is cut",
            "ceiling = tonumber(ARGV[arg + 4])",
            "ceiling = nil"));
  }
}
