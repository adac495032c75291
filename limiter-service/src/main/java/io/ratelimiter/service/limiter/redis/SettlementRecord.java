package io.ratelimiter.service.limiter.redis;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.SettleRequest;
import io.ratelimiter.service.rules.Attributes;
import io.ratelimiter.service.rules.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The record of a decision that can be settled: the limits that were charged, with their rules as
 * they were, so that a settlement depends on no rule in force. spending.lua describes how the store
 * keeps it.
 *
 * @param check the check, with its estimated cost
 * @param charged the rules of the limits that were charged
 */
record SettlementRecord(Check check, List<Rule> charged) {

  private static final String NOT_CHARGED = "0";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** The text to store: without tenant and client, which the key has, and without a line feed. */
  static String text(Check check, List<Rule> rules) {
    ObjectNode text = JSON.createObjectNode();
    text.put("limit_key", check.limitKey());
    text.put("cost", check.cost());
    if (!check.attributes().isEmpty()) {
      ObjectNode attributes = text.putObject("attributes");
      check.attributes().asMap().forEach(attributes::put);
    }
    ArrayNode limits = text.putArray("rules");
    rules.forEach(rule -> limits.add(RecordedRule.write(JSON.createObjectNode(), rule)));
    return text.toString();
  }

  /** Reads a stored value; empty if no script can have written it. */
  static Optional<SettlementRecord> read(SettleRequest request, String stored) {
    String[] lines = stored.split("\n", 3);
    if (lines.length < 2) {
      return Optional.empty();
    }
    try {
      return Optional.of(read(request, lines[0], JSON.readTree(lines[1])));
    } catch (JacksonException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static SettlementRecord read(SettleRequest request, String charged, JsonNode text) {
    Map<String, String> attributes = new HashMap<>();
    text.path("attributes")
        .forEachEntry((name, value) -> attributes.put(name, value.stringValue()));
    Check check =
        new Check(
            request.tenant(),
            request.clientId(),
            text.required("limit_key").stringValue(),
            Attributes.of(attributes),
            text.required("cost").longValue());
    JsonNode all = text.required("rules");
    String[] charges = charged.split(" ", -1);
    if (all.size() != charges.length) {
      throw new IllegalArgumentException("the record has another number of limits");
    }
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (!charges[i].equals(NOT_CHARGED)) {
        rules.add(RecordedRule.read(all.get(i)));
      }
    }
    return new SettlementRecord(check, List.copyOf(rules));
  }
}
