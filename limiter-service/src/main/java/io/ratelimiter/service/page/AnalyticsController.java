package io.ratelimiter.service.page;

import io.ratelimiter.service.analytics.AnalyticsUnavailableException;
import io.ratelimiter.service.analytics.AuditTables;
import io.ratelimiter.service.analytics.RuleEffect;
import io.ratelimiter.service.analytics.Span;
import io.ratelimiter.service.analytics.Step;
import io.ratelimiter.service.api.http.Header;
import io.ratelimiter.service.api.http.Problem;
import io.ratelimiter.service.api.http.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/console/analytics}: reads the tables of the auditor. */
@RestController
@RequestMapping("/v1/console/analytics")
final class AnalyticsController {

  private static final int DEFAULT_CLIENTS = 50;
  private static final int MAX_CLIENTS = 1_000;

  private final @Nullable AuditTables tables;
  private final ConsoleJson json;

  /**
   * @param tables null without a database
   */
  AnalyticsController(@Nullable AuditTables tables, ConsoleJson json) {
    this.tables = tables;
    this.json = json;
  }

  @GetMapping("/block-rates")
  ResponseEntity<byte[]> blockRates(HttpServletRequest request) {
    Parameters parameters = new Parameters(request);
    Span span = parameters.span();
    Step step = step(parameters.text("step", "minute"));
    if (step.in(span) > Step.MAX) {
      throw ProblemException.invalid(
          "from and to must be at most %d times %s apart".formatted(Step.MAX, step.wireName()));
    }
    String tenant = parameters.textOrNull("tenant");
    return withTables(audit ->
        Map.of("steps", audit.blockRates(span, step, tenant), "changes", audit.ruleChanges(span)));
  }

  private static Step step(String name) {
    return Step.named(name)
        .orElseThrow(() ->
            ProblemException.invalid("step must be minute, hour or day, not \"" + name + "\""));
  }

  @GetMapping("/tenants")
  ResponseEntity<byte[]> tenants(HttpServletRequest request) {
    Span span = new Parameters(request).span();
    return withTables(audit -> Map.of("tenants", audit.tenants(span)));
  }

  @GetMapping("/top-blocked")
  ResponseEntity<byte[]> topBlocked(HttpServletRequest request) {
    Parameters parameters = new Parameters(request);
    Span span = parameters.span();
    int limit = (int) parameters.number("limit", DEFAULT_CLIENTS, 1, MAX_CLIENTS);
    String tenant = parameters.textOrNull("tenant");
    return withTables(audit -> Map.of("clients", audit.topBlocked(span, tenant, limit)));
  }

  @GetMapping("/rules")
  ResponseEntity<byte[]> rules(HttpServletRequest request) {
    Span span = new Parameters(request).span();
    return withTables(audit -> {
      List<RuleEffect> rules = audit.rules(span);
      return Map.of("rules", rules, "cut", rules.size() == AuditTables.MAX_RULES);
    });
  }

  @GetMapping("/client")
  ResponseEntity<byte[]> client(HttpServletRequest request) {
    Parameters parameters = new Parameters(request);
    Span span = parameters.span();
    String tenant = parameters.text("tenant", "default");
    String client = parameters.text("client_id");
    return withTables(audit -> Map.of("minutes", audit.client(tenant, client, span)));
  }

  @GetMapping("/completeness")
  ResponseEntity<byte[]> completeness() {
    return withTables(
        audit -> Map.of("instances", audit.completeness(), "freshness", audit.freshness()));
  }

  @GetMapping("/freshness")
  ResponseEntity<byte[]> freshness() {
    return withTables(AuditTables::freshness);
  }

  private ResponseEntity<byte[]> withTables(Function<AuditTables, Object> query) {
    if (tables == null) {
      throw new ProblemException(
          Problem.of(503, "the figures are in a database, and DATABASE_URL is not set"));
    }
    try {
      return json.answer(query.apply(tables));
    } catch (AnalyticsUnavailableException e) {
      throw new ProblemException(
          Problem.of(503, String.valueOf(e.getMessage()), new Header("Retry-After", "2")));
    }
  }
}
