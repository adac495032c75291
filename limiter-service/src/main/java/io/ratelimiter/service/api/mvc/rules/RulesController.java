package io.ratelimiter.service.api.mvc.rules;

import io.ratelimiter.service.rules.AnyRule;
import io.ratelimiter.service.rules.RuleSet;
import io.ratelimiter.service.rules.json.RuleJsonWriter;
import io.ratelimiter.service.rules.live.LiveRules;
import io.ratelimiter.service.rules.live.RulesState;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /rules}: the rule set in force in this instance. */
@RestController
final class RulesController {

  private final LiveRules rules;
  private final InstantSource clock;
  private final JsonMapper mapper = new JsonMapper();
  private final RuleJsonWriter writer = new RuleJsonWriter();

  RulesController(LiveRules rules, InstantSource clock) {
    this.rules = rules;
    this.clock = clock;
  }

  /** Writes rule by rule, since there may be 100 000. */
  @GetMapping(path = "/rules", produces = MediaType.APPLICATION_JSON_VALUE)
  void active(HttpServletResponse response) throws IOException {
    RuleSet set = rules.current();
    RulesState state = rules.state();
    response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    response.setHeader("Cache-Control", "no-store");
    try (JsonGenerator out = mapper.createGenerator(response.getOutputStream())) {
      out.writeStartObject();
      out.writeNumberProperty("revision", set.revision());
      out.writeStringProperty("source", state.source().wireName());
      out.writeNumberProperty("age_seconds", state.age().toSeconds());
      out.writeArrayPropertyStart("rules");
      for (AnyRule rule : set.rules()) {
        mapper.writeTree(out, json(rule));
      }
      out.writeEndArray();
      out.writeEndObject();
    }
  }

  private ObjectNode json(AnyRule rule) {
    ObjectNode json = writer.active(rule);
    json.put("in_force", rule.inForce(clock.millis()));
    return json;
  }
}
