package io.ratelimiter.service.rules;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The rules of a {@code RULES_FILE}: {@code {"rules": […]}}, each as the admin API takes it. The
 * file may be replaced while the service runs. Its revision is a hash, so that every instance that
 * reads the same file says the same.
 */
final class FileRules implements RuleSource {

  private static final long TOP_BIT = 1L << 47;

  private final Path file;
  private final JsonMapper mapper = new JsonMapper();

  FileRules(Path file) {
    this.file = file;
  }

  @Override
  public RulesStatus.Source name() {
    return RulesStatus.Source.FILE;
  }

  @Override
  public StoredRuleSet.Version version() {
    return version(content());
  }

  private static StoredRuleSet.Version version(byte[] content) {
    return new StoredRuleSet.Version(Sha256.first48Bits(content), Sha256.hex(content));
  }

  @Override
  public StoredRuleSet read() {
    byte[] content = content();
    StoredRuleSet.Version version = version(content);
    List<StoredRule> rules = new ArrayList<>();
    for (JsonNode rule : rules(content)) {
      rules.add(stored(rule, version.revision()));
    }
    return new StoredRuleSet(version, rules);
  }

  private byte[] content() {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new RulesUnavailableException("RULES_FILE " + file + " cannot be read: " + e, e);
    }
  }

  private JsonNode rules(byte[] content) {
    try {
      JsonNode rules = mapper.readTree(content).path("rules");
      if (rules.isArray()) {
        return rules;
      }
    } catch (JacksonException e) {
      throw new InvalidRuleSetException(
          "RULES_FILE " + file + " is no JSON: " + e.getOriginalMessage(), e);
    }
    throw new InvalidRuleSetException("RULES_FILE " + file + " must be {\"rules\": […]}");
  }

  private StoredRule stored(JsonNode json, long revision) {
    try {
      RuleDefinition rule = RuleJsonReader.read(json);
      return new StoredRule(id(rule), rule, revision, 0, Instant.EPOCH, Instant.EPOCH);
    } catch (InvalidRuleException e) {
      throw new InvalidRuleSetException(
          "RULES_FILE %s: %s in %s".formatted(file, e.getMessage(), json), e);
    }
  }

  /**
   * Of tenant and name alone, so that it survives edits and reordering; no table's id has the bit.
   */
  private static long id(RuleDefinition rule) {
    byte[] identity = (rule.tenant() + "/" + rule.name()).getBytes(StandardCharsets.UTF_8);
    return Sha256.first48Bits(identity) | TOP_BIT;
  }
}
