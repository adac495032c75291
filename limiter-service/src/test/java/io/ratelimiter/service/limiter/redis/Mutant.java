package io.ratelimiter.service.limiter.redis;

import java.util.List;
import java.util.stream.Stream;

/**
 * A script file with a planted fault. The active mutant is a system property, since the tests that
 * must fail are unaware of it.
 *
 * @param file name without {@code .lua}
 * @param what the planted fault
 * @param from text that occurs in the file exactly once
 * @param to its replacement
 */
record Mutant(String file, String what, String from, String to) {

  private static final String ACTIVE = "limiter.mutant";

  /** The text of a script file, with the fault if the active mutant is of this file. */
  static String scriptFile(String name) {
    String text = Scripts.file(name);
    String active = System.getProperty(ACTIVE);
    if (active == null) {
      return text;
    }
    Mutant mutant = all().get(Integer.parseInt(active));
    return mutant.file().equals(name) ? mutant.in(text) : text;
  }

  /** Activates the mutant of this number until the returned handle is closed. */
  static AutoCloseable activate(int number) {
    System.setProperty(ACTIVE, Integer.toString(number));
    return () -> System.clearProperty(ACTIVE);
  }

  private String in(String text) {
    int at = text.indexOf(from);
    if (at < 0 || text.indexOf(from, at + 1) >= 0) {
      throw new IllegalStateException(
          "\"" + from + "\" must occur exactly once in " + file + ".lua");
    }
    return text.replace(from, to);
  }

  /** At least five for each file. */
  static List<Mutant> all() {
    return Stream.concat(plain().stream(), SpendingMutants.all().stream()).toList();
  }

  private static List<Mutant> plain() {
    return List.of(
        of(
            "store",
            "a key's time may stand still",
            "math.max(now, last + 1)",
            "math.max(now, last)"),
        of(
            "store",
            "a clock that went back is never adopted",
            "now < last - limit.window",
            "false"),
        of(
            "store",
            "a clock that went back is adopted a microsecond early",
            "now < last - limit.window",
            "now <= last - limit.window"),
        of("store", "a foreign type fails", "redis.pcall(command", "redis.call(command"),
        of(
            "store",
            "a foreign value is not reported",
            "limit.replaced = true\n    return false",
            "return false"),
        of(
            "store",
            "a key expires while its time is ahead",
            "math.max(untouched_at, at + 1)",
            "untouched_at"),
        of(
            "store",
            "milliseconds taken for seconds",
            "time[1] * 1000000 + time[2]",
            "time[1] * 1000000"),
        of(
            "token_bucket",
            "the debt is not cut to the capacity",
            "math.min(debt, (limit.ceiling or limit.capacity) * MILLIONTHS)",
            "debt"),
        of(
            "token_bucket",
            "the debt may fall below zero",
            "math.max(0, limit.written - bucket_refill(limit, refilling))",
            "limit.written - bucket_refill(limit, limit.elapsed)"),
        of(
            "token_bucket",
            "no expiry",
            ",\n    'PXAT', expiry(limit.at, limit.at + bucket_drain(limit, limit.debt)))",
            ")"),
        of(
            "token_bucket",
            "one unit too many",
            "<= limit.capacity * MILLIONTHS",
            "<= (limit.capacity + 1) * MILLIONTHS"),
        of(
            "token_bucket",
            "a full bucket never fills",
            "cost * MILLIONTHS <= limit.capacity",
            "cost * MILLIONTHS < limit.capacity"),
        of(
            "token_bucket",
            "refills after a rebase",
            "limit.rebased and 0 or limit.at - last",
            "math.abs(limit.at - last)"),
        of(
            "token_bucket",
            "multiplies before it divides",
            "math.floor(elapsed / limit.seconds) * limit.limit\n    + math.floor(elapsed % limit.seconds * limit.limit / limit.seconds)",
            "math.floor(elapsed * limit.limit / limit.seconds)"),
        of(
            "token_bucket",
            "rounds the time to empty down",
            "math.ceil(debt % limit.limit",
            "math.floor(debt % limit.limit"),
        of(
            "token_bucket",
            "a refund has no bound",
            "math.min(limit.debt, cost * MILLIONTHS)",
            "cost * MILLIONTHS"),
        of(
            "fixed_window",
            "the edge belongs to the window before",
            "math.floor(limit.at / limit.window)",
            "math.floor((limit.at - 1) / limit.window)"),
        of(
            "fixed_window",
            "one unit too many",
            "limit.used + cost <= limit.capacity",
            "limit.used + cost <= limit.capacity + 1"),
        of(
            "fixed_window",
            "no expiry",
            ",\n    'PXAT', expiry(limit.at, limit.at - limit.at % limit.window + limit.window))",
            ")"),
        of(
            "fixed_window",
            "a rebase removes consumption",
            "not limit.rebased and math.floor(limit.at / limit.window) >",
            "math.floor(limit.at / limit.window) ~="),
        of("fixed_window", "a refund has no bound", "math.min(limit.used, cost)", "cost"),
        of(
            "fixed_window",
            "expires a window late",
            "limit.at % limit.window + limit.window",
            "limit.at % limit.window + 2 * limit.window"),
        of("sliding_window", "the edge still counts", "t > horizon", "t >= horizon"),
        of(
            "sliding_window",
            "the oldest at the edge still counts",
            "oldest <= horizon",
            "oldest < horizon"),
        of(
            "sliding_window",
            "one unit too many",
            "limit.used + cost <= limit.capacity",
            "limit.used + cost <= limit.capacity + 1"),
        of(
            "sliding_window",
            "no expiry",
            "redis.call('PEXPIREAT', limit.key, expiry(limit.at, limit.newest + limit.window))",
            "return"),
        of("sliding_window", "nothing is trimmed", "if limit.dropped > 0 then", "if false then"),
        of(
            "sliding_window",
            "one entry too many is trimmed",
            "'LTRIM', limit.key, 2 * dropped, -1",
            "'LTRIM', limit.key, 2 * dropped + 2, -1"),
        of(
            "sliding_window",
            "a marker is not overwritten",
            "if limit.marked then",
            "if false then"),
        of(
            "sliding_window",
            "a refunded entry stays",
            "2 * limit.dropped, 2 * cut - 2)",
            "2 * limit.dropped, 2 * cut)"),
        of("sliding_window", "a rebase removes consumption", "= 1, 0, limit.used", "= 1, 0, 0"),
        of("sliding_window", "reports an entry too early", "sum >= enough", "sum > enough"),
        of(
            "sliding_window",
            "a foreign head fails",
            "if not base or not oldest then",
            "if false then"),
        of(
            "sliding_window",
            "a foreign value in between is not noticed",
            "limit.foreign = true\n  return 0, 0",
            "return 0, 0"),
        of(
            "sliding_window",
            "sums may fall",
            "limit.foreign = limit.foreign or limit.used < 0",
            "limit.foreign = limit.foreign"),
        of(
            "sliding_window_counter",
            "rounds the estimate down",
            "+ math.ceil((product",
            "+ math.floor((product"),
        of(
            "sliding_window_counter",
            "the whole window before counts",
            "limit.window - limit.at % limit.window) + limit.current",
            "limit.window) + limit.current"),
        of(
            "sliding_window_counter",
            "one unit too many",
            "counter_estimate(limit) + cost <= limit.capacity",
            "counter_estimate(limit) + cost <= limit.capacity + 1"),
        of(
            "sliding_window_counter",
            "no expiry",
            ",\n    'PXAT', expiry(limit.at, untouched_at))",
            ")"),
        of(
            "sliding_window_counter",
            "expires a window early",
            "if limit.current > 0 then",
            "if false then"),
        of("sliding_window_counter", "remembers a window too long", "passed > 1", "passed > 2"),
        of(
            "sliding_window_counter",
            "a rebase grants twice",
            "if limit.at % limit.window > last % limit.window then",
            "if false then"),
        of(
            "check",
            "a limit is charged despite a block of another",
            "allowed and limit.allowed and cost > 0",
            "limit.allowed and cost > 0"),
        of(
            "check",
            "a blocking limit is charged",
            "allowed and limit.allowed and cost > 0",
            "cost > 0"),
        of("check", "only the last limit decides", "allowed = allowed and (", "allowed = ("),
        of("check", "a shadow limit blocks", "ARGV[arg + 4] == 'shadow'", "false"),
        of("check", "a peek takes", "limit.allowed and cost > 0", "limit.allowed"),
        of("check", "a peek writes a rebase", "limit.rebased and cost > 0", "limit.rebased"),
        of(
            "check",
            "a rebase is not written",
            "elseif limit.rebased and cost > 0 then",
            "elseif false then"),
        of("check", "a peek evaluates no unit", "math.max(cost, 1)", "cost"),
        of("refund", "an id counts again", "if known then", "if false then"),
        of(
            "refund",
            "an id is kept for ever",
            ",\n    'PXAT', string.format('%d', math.ceil(now / 1000) + tonumber(ARGV[3]) * 1000))",
            ")"),
        of("refund", "a repeat is reported as new", "local answer = {0}", "local answer = {1}"),
        of("refund", "a rebase is not written", "given == 0 and limit.rebased", "false"),
        of("refund", "a rebase is not reported", "limit.rebased and 1 or 0", "0"),
        of(
            "refund",
            "a foreign type under an id fails",
            "fetch({key = remembered}, 'GET')",
            "redis.call('GET', remembered)"),
        of("reset", "nothing is removed", "redis.call('DEL', limit.key)", "local _ = limit"),
        of("reset", "reports nothing given back", "algorithm.consumed(limit)", "0"),
        of(
            "reset",
            "a time ahead is not reported",
            "(limit.rebased or limit.at > now)",
            "limit.rebased"),
        of(
            "reset",
            "reports the limit instead of the burst",
            "= limit.capacity\n",
            "= limit.limit\n"),
        of("reset", "reports the clock instead of the key's time", "= limit.at\n", "= now\n"));
  }

  static Mutant of(String file, String what, String from, String to) {
    return new Mutant(file, what, from, to);
  }
}
