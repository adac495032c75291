package io.ratelimiter.service.page;

import io.ratelimiter.schemas.DecisionEvent;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which decisions somebody wants to see live; null lets all pass.
 *
 * @param client part of the client's name
 * @param rule part of the name of any rule that was looked at
 * @param blockedOnly whether allowed ones are left out
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
