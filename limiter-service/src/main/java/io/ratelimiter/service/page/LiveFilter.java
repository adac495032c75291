package io.ratelimiter.service.page;

import io.ratelimiter.schemas.DecisionEvent;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Selects decisions of the live feed.
 *
 * @param client part of the client id; null: any
 * @param rule part of the name of any rule that applied; null: any
 * @param blockedOnly whether allowed decisions are excluded
 */
record LiveFilter(@Nullable String client, @Nullable String rule, boolean blockedOnly)
    implements Predicate<DecisionEvent> {

  static LiveFilter of(Parameters parameters) {
    return new LiveFilter(
        parameters.textOrNull("client"), parameters.textOrNull("rule"), parameters.flag("blocked"));
  }

  @Override
  public boolean test(DecisionEvent event) {
    return (!blockedOnly || !event.allowed())
        && (client == null || event.clientId().contains(client))
        && (rule == null || event.limits().stream().anyMatch(limit -> limit.rule().contains(rule)));
  }
}
