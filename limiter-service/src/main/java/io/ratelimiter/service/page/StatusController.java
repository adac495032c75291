package io.ratelimiter.service.page;

import io.ratelimiter.service.decisions.DecisionsProperties;
import io.ratelimiter.service.decisions.DecisionsStatus;
import io.ratelimiter.service.limiter.Eviction;
import io.ratelimiter.service.limiter.EvictionStatus;
import io.ratelimiter.service.limiter.resilience.BreakerStatus;
import io.ratelimiter.service.limiter.resilience.LimiterProperties;
import io.ratelimiter.service.rules.FailMode;
import io.ratelimiter.service.rules.live.LiveRules;
import io.ratelimiter.service.rules.live.RulesState;
import io.ratelimiter.service.rules.live.RulesUnavailableException;
import io.ratelimiter.service.rules.store.InstanceBoard;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /v1/console/status}: the state of this instance and of its dependencies. */
@RestController
final class StatusController {

  private static final Logger log = LoggerFactory.getLogger(StatusController.class);

  /**
   * The sources of the state.
   *
   * @param board null without a database; the only source that blocks
   */
  record Sources(
      String service,
      DecisionsProperties settings,
      LimiterProperties limiter,
      BreakerStatus breaker,
      EvictionStatus eviction,
      LiveRules rules,
      DecisionsStatus decisions,
      @Nullable InstanceBoard board,
      InstantSource clock) {}

  private final Sources sources;
  private final ConsoleJson json;

  StatusController(Sources sources, ConsoleJson json) {
    this.sources = sources;
    this.json = json;
  }

  @GetMapping("/v1/console/status")
  ResponseEntity<byte[]> status() {
    RulesState rules = sources.rules().state();
    DecisionsStatus.State decisions = sources.decisions().state();
    return json.answer(
        new Status(
            sources.service(),
            sources.settings().instance(),
            sources.clock().instant(),
            store(),
            stream(decisions),
            new Status.Database(rules.databaseConfigured(), rules.databaseAvailable()),
            ruleSet(rules),
            spool(decisions.spool()),
            instances(rules)));
  }

  private Status.Store store() {
    BreakerStatus breaker = sources.breaker();
    FailMode failMode = sources.limiter().failMode();
    Eviction eviction = sources.eviction().eviction();
    return new Status.Store(
        breaker.redisAvailable(),
        breaker.state().wireName(),
        breaker.failureCount(),
        breaker.timeUntilRetrySeconds(),
        failMode.wireName(),
        sources.limiter().instances(),
        eviction.state().wireName(),
        eviction.policy(),
        eviction.evictedKeys());
  }

  private static Status.Stream stream(DecisionsStatus.State decisions) {
    Map<String, Long> dropped = new TreeMap<>();
    decisions.dropped().forEach((reason, count) -> dropped.put(reason.wireName(), count));
    return new Status.Stream(
        decisions.kafkaAvailable(),
        decisions.kafkaFault(),
        decisions.issued(),
        decisions.acked(),
        decisions.inFlight(),
        dropped);
  }

  private static Status.RuleSet ruleSet(RulesState state) {
    RulesState.Refusal refused = state.refused();
    return new Status.RuleSet(
        state.revision(),
        state.source().wireName(),
        state.ruleCount(),
        state.age().toSeconds(),
        refused == null ? null : refused.revision(),
        refused == null ? null : refused.why(),
        state.unavailable());
  }

  private Status.Spool spool(DecisionsStatus.Spool spool) {
    return new Status.Spool(
        spool.usable(),
        spool.events(),
        spool.bytes(),
        sources.settings().spoolMaxSize().toBytes(),
        spool.oldestAge().toSeconds());
  }

  /** Empty when the database does not answer; its state is a separate field. */
  private List<InstanceBoard.Seen> instances(RulesState rules) {
    InstanceBoard board = sources.board();
    if (board == null || !rules.databaseAvailable()) {
      return List.of();
    }
    try {
      return board.seen();
    } catch (RulesUnavailableException e) {
      log.debug("The other instances cannot be read", e);
      return List.of();
    }
  }
}
