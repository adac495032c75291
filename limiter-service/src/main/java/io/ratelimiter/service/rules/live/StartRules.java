package io.ratelimiter.service.rules.live;

import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.InvalidRuleSetException;
import io.ratelimiter.service.rules.definition.StoredRuleSet;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is in force before any database was asked. */
record StartRules(StoredRuleSet set, RulesStatus.Source source) {

  private static final Logger log = LoggerFactory.getLogger(StartRules.class);

  /**
   * With a database: the last set read from it. Else, or where that is lost, the rules of the file;
   * else the shipped ones. A file that cannot be used stops the start even where it is not needed
   * yet: better now than in an outage.
   *
   * @throws InvalidRuleSetException when the file's rules are none
   * @throws RulesUnavailableException when there is no such file
   */
  static StartRules choose(RulesProperties properties, Algorithm inherited) {
    StartRules configured = configured(properties, inherited);
    if (properties.databaseUrl().isEmpty() || properties.snapshotFile().isEmpty()) {
      return configured;
    }
    return new SnapshotFile(Path.of(properties.snapshotFile()))
        .read()
        .flatMap(set -> usable(set, inherited))
        .orElse(configured);
  }

  private static StartRules configured(RulesProperties properties, Algorithm inherited) {
    if (properties.file().isEmpty()) {
      return new StartRules(ShippedRules.all(), RulesStatus.Source.SHIPPED);
    }
    StoredRuleSet set = new FileRules(Path.of(properties.file())).compile(inherited);
    return new StartRules(set, RulesStatus.Source.FILE);
  }

  private static Optional<StartRules> usable(StoredRuleSet set, Algorithm inherited) {
    try {
      set.compile(inherited);
      return Optional.of(new StartRules(set, RulesStatus.Source.SNAPSHOT));
    } catch (InvalidRuleSetException e) {
      log.warn("The rules of the snapshot cannot be in force: {}", e.getMessage());
      return Optional.empty();
    }
  }
}
