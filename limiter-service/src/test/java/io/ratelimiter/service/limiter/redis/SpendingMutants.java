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
            "limit.allowed and string.format('%d', limit.at) or '0'",
            "string.format('%d', limit.at)"),
        Mutant.of(
            "spending",
            "a record is kept for ever",
            ",\n    'PXAT', string.format('%d', math.ceil(now / 1000) + tonumber(ARGV[arg])))",
            ")"),
        Mutant.of("spending", "there is no record", "if not ARGV[arg] then", "if true then"),
        Mutant.of(
            "charge",
            "a bucket gives back what later checks consumed",
            "math.min(cost, math.floor(left / MILLIONTHS))",
            "cost"),
        Mutant.of(
            "charge",
            "a bucket's charge never drains",
            "bucket_refill(limit, elapsed)",
            "0 * elapsed"),
        Mutant.of(
            "charge",
            "what other settlements gave back counts again",
            "charge.debt - (tally - charge.given) * MILLIONTHS",
            "charge.debt"),
        Mutant.of(
            "charge",
            "an earlier estimate loses what a later one gave back",
            "math.max(charge.cost * MILLIONTHS, debt)",
            "debt"),
        Mutant.of(
            "charge", "the tally does not grow", "string.format('%d', tally + given)", "tally"),
        Mutant.of(
            "charge",
            "the tally is kept for ever",
            ",\n      'PXAT', string.format('%d', math.ceil(now / 1000) + 7200000))",
            ")"),
        Mutant.of(
            "spending",
            "the tally may expire before a record",
            "redis.call('PEXPIREAT', key, string.format('%d', math.ceil(now / 1000) + 7200000))",
            "redis.call('GET', key)"),
        Mutant.of(
            "charge",
            "a window gives back what the next one counts",
            "math.floor(charge.at / limit.window) == math.floor(limit.at / limit.window)",
            "charge.at > 0"),
        Mutant.of(
            "charge", "a log gives back of a later entry", "at == charge.at and", "at > 0 and"),
        Mutant.of(
            "charge",
            "a log gives back more than its entry has",
            "math.min(cost, sum - before) or 0",
            "cost or 0"),
        Mutant.of(
            "charge",
            "an entry too many may follow in a log",
            "last - own > MAX_LATER_ENTRIES",
            "last - own > MAX_LATER_ENTRIES + 1"),
        Mutant.of("charge", "later sums stay", "log_format(sum - given)", "log_format(sum)"),
        Mutant.of(
            "charge",
            "an entry of nothing stays",
            "if sum - given > before then",
            "if sum - given >= before then"),
        Mutant.of("settle", "a decision is settled again", "if settled then", "if false then"),
        Mutant.of(
            "settle", "a repeat is reported as new", "local answer = {0}", "local answer = {1}"),
        Mutant.of(
            "settle",
            "the whole estimate is given back",
            "limit, charge, estimate - cost)",
            "limit, charge, estimate)"),
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
