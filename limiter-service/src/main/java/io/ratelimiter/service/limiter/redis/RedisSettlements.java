package io.ratelimiter.service.limiter.redis;

import io.ratelimiter.service.limiter.Placement;
import io.ratelimiter.service.limiter.SettleRequest;
import io.ratelimiter.service.limiter.Settlement;
import io.ratelimiter.service.limiter.evaluation.StoreKey;
import io.ratelimiter.service.limiter.redis.reply.SettleReply;
import io.ratelimiter.service.rules.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Settles decisions in Redis. The record of a decision is read first, since a script's keys must be
 * known before it runs. The script settles a decision only once, also if two settlements of it run
 * at the same time.
 */
final class RedisSettlements {

  private final RedisScripting redis;
  private final Scripts scripts;
  private final Placement placement;
  private final Supplier<String> clock;

  /**
   * Settlements on these scripts.
   *
   * @param clock as of {@link RedisLimiter}
   */
  RedisSettlements(
      RedisScripting redis, Scripts scripts, Placement placement, Supplier<String> clock) {
    this.redis = redis;
    this.scripts = scripts;
    this.placement = placement;
    this.clock = clock;
  }

  /** As {@link io.ratelimiter.service.limiter.Counters#settle}. */
  CompletionStage<Optional<Settlement>> settle(SettleRequest request) {
    String prefix = StoreKey.prefix(request.clientCheck(), placement);
    String key = StoreKey.ofSettlement(prefix, request.decisionId());
    return redis
        .get(scripts.settle(), key)
        .thenCompose(stored ->
            stored
                .flatMap(text -> SettlementRecord.read(request, text))
                .map(record -> settle(request, record, prefix, key))
                .orElseGet(() -> CompletableFuture.completedStage(Optional.empty())));
  }

  private CompletionStage<Optional<Settlement>> settle(
      SettleRequest request, SettlementRecord record, String prefix, String recordKey) {
    List<Rule> rules = new ArrayList<>(record.charged().size());
    List<String> keys = new ArrayList<>(1 + 2 * record.charged().size());
    keys.add(recordKey);
    List<String> arguments = new ArrayList<>(3 + 7 * record.charged().size());
    arguments.add(Long.toString(record.check().cost()));
    arguments.add(Long.toString(request.cost()));
    arguments.add(clock.get());
    for (Rule recorded : record.charged()) {
      Rule rule = request.inForce().apply(recorded);
      rules.add(rule);
      keys.add(StoreKey.of(prefix, rule, record.check()));
      RedisLimiter.addPolicy(arguments, rule.policy());
      arguments.add(Long.toString(rule.ceiling()));
      arguments.add(Long.toString(rule.spending().overdraft()));
      arguments.add(Long.toString(recorded.policy().limit()));
    }
    SpendingArguments.addTallies(keys, keys.subList(1, keys.size()), rules);
    return redis.run(
        scripts.settle(),
        keys,
        arguments,
        SettleReply.length(rules),
        reply -> SettleReply.read(reply, record.check(), rules));
  }
}
