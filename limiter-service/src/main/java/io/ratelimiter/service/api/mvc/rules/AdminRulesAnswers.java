package io.ratelimiter.service.api.mvc.rules;

import io.ratelimiter.service.api.http.Problem;
import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.rules.InvalidRuleSetException;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.definition.RuleHistoryEntry;
import io.ratelimiter.service.rules.definition.StoredRule;
import io.ratelimiter.service.rules.json.RuleJsonWriter;
import io.ratelimiter.service.rules.store.Change;
import io.ratelimiter.service.rules.store.ChangeRequest;
import io.ratelimiter.service.rules.store.RuleAdmin;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.http.ResponseEntity.BodyBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Renders the answers of {@code /v1/admin/rules}. */
final class AdminRulesAnswers {

  private final JsonMapper mapper = new JsonMapper();
  private final RuleJsonWriter writer = new RuleJsonWriter();

  ResponseEntity<JsonNode> page(RuleAdmin admin, List<StoredRule> rules, int limit) {
    ObjectNode json = mapper.createObjectNode();
    var items = json.putArray("rules");
    rules.forEach(rule -> items.add(stored(admin, rule)));
    json.put("next_after", rules.size() < limit ? null : (Long) rules.getLast().id());
    return ok(json);
  }

  ResponseEntity<JsonNode> rule(RuleAdmin admin, StoredRule rule) {
    return tagged(ResponseEntity.ok(), rule).body(stored(admin, rule));
  }

  ResponseEntity<JsonNode> notModified(StoredRule rule) {
    return tagged(ResponseEntity.status(304), rule).build();
  }

  private static BodyBuilder tagged(BodyBuilder answer, StoredRule rule) {
    return answer.cacheControl(CacheControl.noStore()).eTag(Preconditions.tag(rule.revision()));
  }

  /** The stored rule, with the algorithm and burst that are effective in this instance. */
  private ObjectNode stored(RuleAdmin admin, StoredRule rule) {
    ObjectNode json = writer.stored(rule);
    try {
      Policy policy = admin.effectivePolicy(rule);
      json.put("effective_algorithm", policy == null ? null : policy.algorithm().wireName());
      json.put("effective_burst", policy instanceof Policy.TokenBucket b ? (Long) b.burst() : null);
    } catch (InvalidRuleSetException e) {
      json.putNull("effective_algorithm");
      json.putNull("effective_burst");
      json.put("fault", e.getMessage());
    }
    return json;
  }

  ResponseEntity<JsonNode> history(long id, List<RuleHistoryEntry> entries, AdminRulesQuery query) {
    if (entries.isEmpty() && query.request().getParameter("before") == null) {
      throw missing(id);
    }
    ObjectNode json = mapper.createObjectNode();
    var items = json.putArray("history");
    entries.forEach(entry -> items.add(entry(entry)));
    json.put("next_before", entries.size() < query.limit() ? null : (Long) entries.getLast().id());
    return ok(json);
  }

  private ObjectNode entry(RuleHistoryEntry entry) {
    ObjectNode json = mapper.createObjectNode();
    json.put("change_id", entry.id());
    json.put("rule_id", entry.ruleId());
    json.put("revision", entry.revision());
    json.put("operation", entry.operation());
    json.put("changed_at", entry.changedAt().toString());
    json.put("changed_by", entry.changedBy());
    json.put("correlation_id", entry.correlationId());
    json.set("before", row(entry.before()));
    json.set("after", row(entry.after()));
    return json;
  }

  private JsonNode row(RuleHistoryEntry.@Nullable Image row) {
    return row == null ? mapper.getNodeFactory().nullNode() : writer.past(row);
  }

  ResponseEntity<JsonNode> changed(
      RuleAdmin admin, Change change, ChangeRequest how, Preconditions preconditions) {
    return switch (change) {
      case Change.Created(StoredRule rule) ->
          how.validateOnly() ? would("create", null, rule) : created(admin, rule);
      case Change.Replaced(StoredRule rule) ->
          how.validateOnly() ? would("replace", rule.id(), rule) : rule(admin, rule);
      case Change.Deleted(StoredRule rule) ->
          how.validateOnly()
              ? would("delete", rule.id(), rule)
              : ResponseEntity.noContent().build();
      case Change.Missing(long id) -> throw missing(id);
      case Change.Outdated(StoredRule current) ->
          throw preconditions.failed(current == null ? null : (Long) current.revision());
      case Change.Conflicting(String why) -> throw new ProblemException(Problem.of(409, why));
      case Change.Locked(String byWhom) ->
          throw new ProblemException(Problem.unavailable("rules are held by " + byWhom));
    };
  }

  private ResponseEntity<JsonNode> created(RuleAdmin admin, StoredRule rule) {
    return tagged(ResponseEntity.created(URI.create("/v1/admin/rules/" + rule.id())), rule)
        .body(stored(admin, rule));
  }

  private ResponseEntity<JsonNode> would(String operation, @Nullable Long id, StoredRule rule) {
    ObjectNode json = mapper.createObjectNode();
    json.put("would", operation);
    json.put("id", id);
    json.set("rule", writer.definition(rule.definition()));
    return ok(json);
  }

  private static ResponseEntity<JsonNode> ok(JsonNode body) {
    return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(body);
  }

  ProblemException missing(long id) {
    return new ProblemException(Problem.of(404, "there is no rule " + id));
  }
}
