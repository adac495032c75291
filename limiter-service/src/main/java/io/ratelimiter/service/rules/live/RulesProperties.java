package io.ratelimiter.service.rules.live;

import io.ratelimiter.service.rules.Algorithm;
import java.time.Duration;
import java.util.Locale;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where rules are read.
 *
 * @param algorithm of rules that name none, in any case
 * @param databaseUrl {@code postgresql://user:pw@host:port/db} or {@code jdbc:postgresql:…}; empty:
 *     no database
 * @param file JSON, the rules where there is no database; empty: none
 * @param snapshotFile stores the last good set of the database for a start without it; empty: none
 * @param pollInterval max time between two checks for changes
 * @param startWait max time that the start waits for a database that does not answer
 */
@ConfigurationProperties("rules")
public record RulesProperties(
    @DefaultValue("token_bucket") String algorithm,
    @DefaultValue("") String databaseUrl,
    @DefaultValue("") String file,
    @DefaultValue("") String snapshotFile,
    @DefaultValue("2s") Duration pollInterval,
    @DefaultValue("5s") Duration startWait) {

  public RulesProperties {
    parse(algorithm);
  }

  private static Algorithm parse(String algorithm) {
    return Algorithm.named(algorithm.toLowerCase(Locale.ROOT))
        .orElseThrow(() ->
            new IllegalArgumentException(
                "ALGORITHM must be one of %s, not \"%s\""
                    .formatted(Algorithm.wireNames(), algorithm)));
  }

  /** The algorithm of rules that name none. */
  public Algorithm inherited() {
    return parse(algorithm);
  }
}
