package io.ratelimiter.service.api.mvc.rules;

import io.ratelimiter.service.api.http.Problem;
import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.rules.InvalidRuleSetException;
import io.ratelimiter.service.rules.definition.InvalidRuleException;
import io.ratelimiter.service.rules.json.RuleJsonReader;
import io.ratelimiter.service.rules.live.RulesUnavailableException;
import io.ratelimiter.service.rules.store.Change;
import io.ratelimiter.service.rules.store.ChangeRequest;
import io.ratelimiter.service.rules.store.RuleAdmin;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** {@code /v1/admin/rules}: reads and changes stored rules. */
@RestController
@RequestMapping("/v1/admin/rules")
final class AdminRulesController {

  private final @Nullable RuleAdmin admin;
  private final AdminRulesAnswers answers = new AdminRulesAnswers();

  /**
   * @param admin null without a database
   */
  AdminRulesController(@Nullable RuleAdmin admin) {
    this.admin = admin;
  }

  @GetMapping
  ResponseEntity<JsonNode> list(HttpServletRequest request) {
    AdminRulesQuery query = new AdminRulesQuery(request);
    return withAdmin(rules ->
        answers.page(
            rules,
            rules.list(query.filter(), query.number("after", 0), query.limit()),
            query.limit()));
  }

  @GetMapping("/{id}")
  ResponseEntity<JsonNode> one(@PathVariable String id, HttpServletRequest request) {
    AdminRulesQuery query = new AdminRulesQuery(request);
    long rule = query.id(id);
    Preconditions preconditions = query.preconditions();
    return withAdmin(rules ->
        rules
            .byId(rule)
            .map(stored ->
                preconditions.notModified(stored.revision())
                    ? answers.notModified(stored)
                    : answers.rule(rules, stored))
            .orElseThrow(() -> answers.missing(rule)));
  }

  @GetMapping("/{id}/history")
  ResponseEntity<JsonNode> history(@PathVariable String id, HttpServletRequest request) {
    AdminRulesQuery query = new AdminRulesQuery(request);
    long rule = query.id(id);
    long before = query.number("before", Long.MAX_VALUE);
    return withAdmin(
        rules -> answers.history(rule, rules.history(rule, before, query.limit()), query));
  }

  @PostMapping
  ResponseEntity<JsonNode> save(HttpServletRequest request) {
    return changed(
        request, (rules, query, how) -> rules.save(RuleJsonReader.read(query.body()), how));
  }

  @PutMapping("/{id}")
  ResponseEntity<JsonNode> replace(@PathVariable String id, HttpServletRequest request) {
    return changed(
        request,
        (rules, query, how) -> rules.replace(query.id(id), RuleJsonReader.read(query.body()), how));
  }

  @DeleteMapping("/{id}")
  ResponseEntity<JsonNode> delete(@PathVariable String id, HttpServletRequest request) {
    return changed(request, (rules, query, how) -> rules.delete(query.id(id), how));
  }

  private interface Changing {
    Change change(RuleAdmin rules, AdminRulesQuery query, ChangeRequest how);
  }

  private ResponseEntity<JsonNode> changed(HttpServletRequest request, Changing changing) {
    AdminRulesQuery query = new AdminRulesQuery(request);
    ChangeRequest how = query.changeRequest();
    return withAdmin(rules ->
        answers.changed(rules, changing.change(rules, query, how), how, query.preconditions()));
  }

  private ResponseEntity<JsonNode> withAdmin(
      Function<RuleAdmin, ResponseEntity<JsonNode>> operation) {
    if (admin == null) {
      throw new ProblemException(
          Problem.of(503, "rules are stored in a database, and DATABASE_URL is not set"));
    }
    try {
      return operation.apply(admin);
    } catch (InvalidRuleException e) {
      throw ProblemException.invalid(String.valueOf(e.getMessage()));
    } catch (InvalidRuleSetException e) {
      throw new ProblemException(Problem.of(409, "correct it with SQL: " + e.getMessage()));
    } catch (RulesUnavailableException e) {
      throw new ProblemException(
          Problem.unavailable("the database does not answer: " + e.getMessage()));
    }
  }
}
