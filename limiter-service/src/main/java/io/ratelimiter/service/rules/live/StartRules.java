package io.ratelimiter.service.rules.live;

import io.ratelimiter.service.rules.InvalidRuleSetException;
import io.ratelimiter.service.rules.definition.RuleContext;
import io.ratelimiter.service.rules.definition.StoredRuleSet;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rules in force at the start, before the database is queried. */
record StartRules(StoredRuleSet set, RulesState.Source source) {

  private static final Logger log = LoggerFactory.getLogger(StartRules.class);

  /**
   * With a database: the last set read from it. Without one, or if that is lost: the rules of the
   * file, else the shipped ones. An invalid file stops the start even if it is not needed yet, so
   * that the fault does not appear during an outage.
   *
   * @throws InvalidRuleSetException when the rules of the file are invalid
   * @throws RulesUnavailableException when the file cannot be read
   */
  static StartRules choose(RulesProperties properties, RuleContext context) {
    StartRules configured = configured(properties.file(), context);
    if (properties.databaseUrl().isEmpty() || properties.snapshotFile().isEmpty()) {
      return configured;
    }
    return new SnapshotFile(Path.of(properties.snapshotFile()))
        .read()
        .flatMap(set -> usable(set, context))
        .orElse(configured);
  }

  private static StartRules configured(String file, RuleContext context) {
    if (file.isEmpty()) {
      return new StartRules(ShippedRules.all(), RulesState.Source.SHIPPED);
    }
    return new StartRules(
        new FileRules(Path.of(file), context).readValid(), RulesState.Source.FILE);
  }

  private static Optional<StartRules> usable(StoredRuleSet set, RuleContext context) {
    try {
      set.compile(context);
      return Optional.of(new StartRules(set, RulesState.Source.SNAPSHOT));
    } catch (InvalidRuleSetException e) {
      log.warn("The rules of the snapshot cannot be in force: {}", e.getMessage());
      return Optional.empty();
    }
  }
}
