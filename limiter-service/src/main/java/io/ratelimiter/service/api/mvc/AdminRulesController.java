package io.ratelimiter.service.api.mvc;

import io.ratelimiter.service.api.Problem;
import io.ratelimiter.service.api.ProblemException;
import io.ratelimiter.service.rules.ChangeRequest;
import io.ratelimiter.service.rules.InvalidRuleException;
import io.ratelimiter.service.rules.InvalidRuleSetException;
import io.ratelimiter.service.rules.RuleAdmin;
import io.ratelimiter.service.rules.RuleJsonReader;
import io.ratelimiter.service.rules.RulesUnavailableException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
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
    return asked(rules ->
        answers.page(
            rules,
            rules.list(query.filter(), query.number("after", 0), query.limit()),
            query.limit()));
  }

  @GetMapping("/{id}")
  ResponseEntity<JsonNode> one(@PathVariable long id) {
    return asked(rules ->
        rules
            .byId(id)
            .map(rule -> answers.rule(200, rules, rule))
            .orElseThrow(() -> answers.missing(id)));
  }

  @GetMapping("/{id}/history")
  ResponseEntity<JsonNode> history(@PathVariable long id, HttpServletRequest request) {
    AdminRulesQuery query = new AdminRulesQuery(request);
    long before = query.number("before", Long.MAX_VALUE);
    return asked(rules -> answers.history(id, rules.history(id, before, query.limit()), query));
  }

  @PostMapping
  ResponseEntity<JsonNode> save(@RequestBody JsonNode body, HttpServletRequest request) {
    ChangeRequest how = new AdminRulesQuery(request).changeRequest();
    return asked(rules -> answers.changed(rules, rules.save(RuleJsonReader.read(body), how), how));
  }

  @PutMapping("/{id}")
  ResponseEntity<JsonNode> replace(
      @PathVariable long id, @RequestBody JsonNode body, HttpServletRequest request) {
    ChangeRequest how = new AdminRulesQuery(request).changeRequest();
    return asked(
        rules -> answers.changed(rules, rules.replace(id, RuleJsonReader.read(body), how), how));
  }

  @DeleteMapping("/{id}")
  ResponseEntity<JsonNode> delete(@PathVariable long id, HttpServletRequest request) {
    ChangeRequest how = new AdminRulesQuery(request).changeRequest();
    return asked(rules -> answers.changed(rules, rules.delete(id, how), how));
  }

  private ResponseEntity<JsonNode> asked(Function<RuleAdmin, ResponseEntity<JsonNode>> question) {
    if (admin == null) {
      throw new ProblemException(
          Problem.of(503, "rules are stored in a database, and DATABASE_URL is not set"));
    }
    try {
      return question.apply(admin);
    } catch (InvalidRuleException e) {
      throw ProblemException.invalid(String.valueOf(e.getMessage()));
    } catch (InvalidRuleSetException e) {
      throw new ProblemException(Problem.of(409, "mend it with SQL: " + e.getMessage()));
    } catch (RulesUnavailableException e) {
      throw new ProblemException(
          Problem.unavailable("the database does not answer: " + e.getMessage()));
    }
  }
}
