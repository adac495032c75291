package io.ratelimiter.service.rules.live;

import io.ratelimiter.runtime.RootCause;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.InvalidRuleSetException;
import io.ratelimiter.service.rules.RuleTerms;
import io.ratelimiter.service.rules.definition.InvalidRuleException;
import io.ratelimiter.service.rules.definition.RuleContext;
import io.ratelimiter.service.rules.definition.RuleDefinition;
import io.ratelimiter.service.rules.definition.StoredRule;
import io.ratelimiter.service.rules.definition.StoredRuleSet;
import io.ratelimiter.service.rules.json.RuleJsonReader;
import io.ratelimiter.service.rules.json.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The rules of a {@code RULES_FILE}: {@code {"rules": […]}}, each in the format of the admin API.
 * The file may be replaced while the service runs. Its revision is a hash of its content, so all
 * instances with the same file report the same revision. The message of an exception is one line
 * that names the variable, the file, the place and the fault.
 */
public final class FileRules implements RuleSource {

  /** Bounds the memory of a start and a reload: about 80 000 rules. */
  static final int MAX_BYTES = 8 << 20;

  private static final long TOP_BIT = 1L << 47;

  private final Path file;
  private final RuleContext context;

  /**
   * @param context of the rules
   */
  FileRules(Path file, RuleContext context) {
    this.file = file;
    this.context = context;
  }

  /**
   * The fault of the file, in one line; empty if its rules can be in force, whatever {@code
   * ALGORITHM} is. Blocks on the disk.
   *
   * @param sharedCounters whether the store can charge counters of several clients in one step
   */
  public static Optional<String> fault(Path file, boolean sharedCounters) {
    try {
      new FileRules(file, new RuleContext(Algorithm.TOKEN_BUCKET, sharedCounters)).readValid();
      return Optional.empty();
    } catch (InvalidRuleSetException | RulesUnavailableException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** The set of the file, if it can be in force. */
  StoredRuleSet readValid() {
    StoredRuleSet set = read();
    try {
      set.compile(context);
      return set;
    } catch (InvalidRuleSetException e) {
      throw invalid("", String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public RulesState.Source name() {
    return RulesState.Source.FILE;
  }

  @Override
  public StoredRuleSet.Version version() {
    return version(content());
  }

  private static StoredRuleSet.Version version(byte[] content) {
    Sha256 hash = Sha256.of(content);
    return new StoredRuleSet.Version(hash.first48Bits(), hash.hex());
  }

  @Override
  public StoredRuleSet read() {
    byte[] content = content();
    StoredRuleSet.Version version = version(content);
    try (JsonParser parser = StrictJson.parser(StrictJson.utf8(content))) {
      return new StoredRuleSet(version, rules(parser, version.revision()));
    } catch (InvalidRuleException e) {
      throw invalid("", String.valueOf(e.getMessage()), e);
    } catch (JacksonException e) {
      throw invalid("", StrictJson.fault(e), e);
    }
  }

  private byte[] content() {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(MAX_BYTES + 1);
      if (content.length > MAX_BYTES) {
        throw invalid("", "it must have at most %d bytes".formatted(MAX_BYTES), null);
      }
      return content;
    } catch (IOException e) {
      throw new RulesUnavailableException("RULES_FILE " + file + " cannot be read: " + e, e);
    }
  }

  private List<StoredRule> rules(JsonParser parser, long revision) {
    List<StoredRule> rules = null;
    boolean object = parser.nextToken() == JsonToken.START_OBJECT;
    while (object && parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("rules") && value == JsonToken.START_ARRAY) {
        rules = items(parser, revision);
      } else {
        parser.skipChildren();
      }
    }
    if (rules == null) {
      throw invalid("", "it must be {\"rules\": […]}", null);
    }
    if (parser.nextToken() != null) {
      throw invalid("", "it must be one JSON object, and something follows it", null);
    }
    return rules;
  }

  private List<StoredRule> items(JsonParser parser, long revision) {
    List<StoredRule> rules = new ArrayList<>();
    Map<String, Integer> names = new HashMap<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      String place =
          " rules[%d], line %d:".formatted(rules.size(), parser.currentTokenLocation().getLineNr());
      try {
        StoredRule rule = stored(RuleJsonReader.read(StrictJson.next(parser)), revision);
        RuleTerms terms = rule.definition().terms();
        checkUnique(terms, names.putIfAbsent(identity(terms), rules.size()));
        rules.add(rule);
      } catch (InvalidRuleException | IllegalArgumentException e) {
        throw invalid(place, String.valueOf(e.getMessage()), e);
      }
    }
    return rules;
  }

  /** The rule, validated; whether it is valid does not depend on the inherited algorithm. */
  private StoredRule stored(RuleDefinition rule, long revision) {
    Sha256 hash = Sha256.of(identity(rule.terms()).getBytes(StandardCharsets.UTF_8));
    long id = hash.first48Bits() | TOP_BIT;
    rule.effective(context, id, revision, 0);
    return new StoredRule(id, rule, revision);
  }

  private static void checkUnique(RuleTerms rule, @Nullable Integer first) {
    if (first != null) {
      String fault =
          "name must be unique within its tenant: rules[%d] of tenant %s is \"%s\" too"
              .formatted(first, rule.tenant(), rule.name());
      throw new InvalidRuleException(rule.plain() ? fault : fault + "; give each a name");
    }
  }

  private InvalidRuleSetException invalid(String place, String fault, @Nullable Throwable cause) {
    return new InvalidRuleSetException(
        "RULES_FILE %s:%s %s".formatted(file, place, RootCause.inOneLine(fault)), cause);
  }

  /**
   * The text of which the id is a hash: tenant and name only, so that the id survives edits and
   * reordering. Ids of the table never have the top bit.
   */
  private static String identity(RuleTerms rule) {
    return rule.tenant() + "/" + rule.name();
  }
}
