package io.ratelimiter.service.rules.store;

import io.ratelimiter.service.rules.FailMode;
import io.ratelimiter.service.rules.RuleTerms;
import io.ratelimiter.service.rules.Spending;
import io.ratelimiter.service.rules.definition.PolicyDefinition;
import io.ratelimiter.service.rules.definition.RuleDefinition;
import io.ratelimiter.service.rules.json.MatchJson;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.jdbc.support.SqlArrayValue;

/** The values of a rule as parameters of a statement, each named as its column. */
final class RuleParameters {

  private RuleParameters() {}

  static StatementSpec of(RuleDefinition rule, StatementSpec statement) {
    StatementSpec withTerms = terms(rule.terms(), statement);
    return spending(rule.spending(), policy(rule.policy(), withTerms))
        .param("metadata", rule.metadata());
  }

  private static StatementSpec terms(RuleTerms terms, StatementSpec statement) {
    FailMode failMode = terms.failMode();
    return statement
        .param("tenant", terms.tenant())
        .param("name", terms.name())
        .param("client_id", terms.clientId())
        .param("limit_key", terms.limitKey())
        .param("match", MatchJson.of(terms.match()).toString())
        .param("by", array(terms.by()), Types.ARRAY)
        .param("mode", terms.mode().wireName())
        .param("enabled", terms.enabled())
        .param("shared", terms.shared())
        .param("always", terms.always())
        .param("fail_mode", failMode == null ? null : failMode.wireName(), Types.VARCHAR)
        .param("valid_from", time(terms.validFrom()), Types.TIMESTAMP_WITH_TIMEZONE)
        .param("valid_until", time(terms.validUntil()), Types.TIMESTAMP_WITH_TIMEZONE);
  }

  private static StatementSpec policy(PolicyDefinition policy, StatementSpec statement) {
    return statement
        .param(
            "algorithm",
            policy.algorithm() == null ? null : policy.algorithm().wireName(),
            Types.VARCHAR)
        .param("rate", policy.rate(), Types.BIGINT)
        .param("window_seconds", policy.windowSeconds(), Types.BIGINT)
        .param("burst", policy.burst(), Types.BIGINT);
  }

  private static StatementSpec spending(Spending spending, StatementSpec statement) {
    return statement
        .param("reserve_normal", Spending.share(spending.reserveNormal()))
        .param("reserve_low", Spending.share(spending.reserveLow()))
        .param("max_wait_ms", spending.maxWaitMillis())
        .param("overdraft", spending.overdraft());
  }

  private static @Nullable SqlArrayValue array(@Nullable List<String> names) {
    return names == null ? null : new SqlArrayValue("text", names.toArray());
  }

  private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }
}
