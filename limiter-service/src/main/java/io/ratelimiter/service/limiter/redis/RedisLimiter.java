package io.ratelimiter.service.limiter.redis;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Counters;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Limiter;
import io.ratelimiter.service.limiter.Placement;
import io.ratelimiter.service.limiter.SettleRequest;
import io.ratelimiter.service.limiter.Settlement;
import io.ratelimiter.service.limiter.evaluation.StoreKey;
import io.ratelimiter.service.limiter.redis.reply.AdjustmentReply;
import io.ratelimiter.service.limiter.redis.reply.CheckReply;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Decides in Redis: one script call evaluates and charges all limits of a check. */
final class RedisLimiter implements Limiter, Counters {

  /** The time that the scripts use, microseconds since 1970; empty for the server's own clock. */
  static final Supplier<String> SERVER_CLOCK = () -> "";

  private static final long MIN_REMEMBERED_SECONDS = 3_600;

  private final RedisScripting redis;
  private final Scripts scripts;
  private final Placement placement;
  private final Supplier<String> clock;
  private final Runnable foreignKey;
  private final RedisSettlements settlements;

  /**
   * A limiter on these scripts.
   *
   * @param clock {@link #SERVER_CLOCK} except in tests
   * @param foreignKey run whenever a script replaced a foreign value under a limit's key
   */
  RedisLimiter(
      RedisScripting redis,
      Scripts scripts,
      Placement placement,
      Supplier<String> clock,
      Runnable foreignKey) {
    this.redis = redis;
    this.scripts = scripts;
    this.placement = placement;
    this.clock = clock;
    this.foreignKey = foreignKey;
    this.settlements = new RedisSettlements(redis, scripts, placement, clock);
  }

  @Override
  public CompletionStage<Decision> check(Check check, Match match) {
    List<Rule> rules = match.rules();
    List<String> keys = keys(check, rules);
    List<String> arguments = new ArrayList<>(2 + 5 * rules.size());
    arguments.add(Long.toString(check.cost()));
    arguments.add(clock.get());
    for (Rule rule : rules) {
      addPolicy(arguments, rule.policyFor(check.priority()));
      arguments.add(rule.mode().wireName());
    }
    boolean spending = SpendingArguments.needed(check, rules);
    if (spending) {
      SpendingArguments.add(check, rules, keys, arguments, placement);
    }
    int length = CheckReply.length(rules);
    return redis.run(
        spending ? scripts.spendingCheck(rules) : scripts.check(rules),
        keys,
        arguments,
        length,
        reply -> new CheckReply(reply, length, foreignKey).decision(check, rules));
  }

  @Override
  public CompletionStage<Adjustment> refund(Check check, Match match, @Nullable String refundId) {
    List<Rule> rules = match.rules();
    List<String> keys = keys(check, rules);
    if (refundId != null) {
      keys.add(StoreKey.ofRefund(StoreKey.prefix(check, placement), check, refundId));
    }
    List<String> arguments = new ArrayList<>(3 + 6 * rules.size());
    arguments.add(Long.toString(check.cost()));
    arguments.add(clock.get());
    arguments.add(Long.toString(rememberedSeconds(rules)));
    addAdjusted(arguments, rules);
    return adjust(scripts.refund(), keys, arguments, rules);
  }

  @Override
  public CompletionStage<Adjustment> reset(Check check, Match match) {
    List<Rule> rules = match.rules();
    List<String> arguments = new ArrayList<>(1 + 6 * rules.size());
    arguments.add(clock.get());
    addAdjusted(arguments, rules);
    return adjust(scripts.reset(), keys(check, rules), arguments, rules);
  }

  @Override
  public CompletionStage<Optional<Settlement>> settle(SettleRequest request) {
    return settlements.settle(request);
  }

  private CompletionStage<Adjustment> adjust(
      Script script, List<String> keys, List<String> arguments, List<Rule> rules) {
    return redis.run(
        script,
        keys,
        arguments,
        AdjustmentReply.MAX_LENGTH,
        reply -> AdjustmentReply.read(reply, rules));
  }

  private List<String> keys(Check check, List<Rule> rules) {
    String prefix = StoreKey.prefix(check, placement);
    List<String> keys = new ArrayList<>(rules.size() + 1);
    for (Rule rule : rules) {
      keys.add(StoreKey.of(prefix, rule, check));
    }
    return keys;
  }

  /** The arguments that every script takes of a limit. */
  static void addPolicy(List<String> arguments, Policy policy) {
    arguments.add(policy.algorithm().code());
    arguments.add(Long.toString(policy.limit()));
    arguments.add(Long.toString(policy.windowSeconds()));
    arguments.add(Long.toString(policy.capacity()));
  }

  private static void addAdjusted(List<String> arguments, List<Rule> rules) {
    for (Rule rule : rules) {
      addPolicy(arguments, rule.policy());
      arguments.add(Long.toString(rule.ceiling()));
      arguments.add(Long.toString(rule.id()));
    }
  }

  private static long rememberedSeconds(List<Rule> rules) {
    return rules.stream()
        .mapToLong(rule -> rule.policy().windowSeconds())
        .reduce(MIN_REMEMBERED_SECONDS, Math::max);
  }

  @Override
  public String toString() {
    return "RedisLimiter";
  }
}
