package io.ratelimiter.service.rules.live;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where rules come from.
 *
 * @param databaseUrl {@code postgresql://user:pw@host:port/db} or {@code jdbc:postgresql:…}; empty:
 *     there is no database
 * @param file rules where there is no database, JSON; empty: none
 * @param snapshotFile keeps the last good set of the database for a start without it; empty: none
 * @param pollInterval longest time between two questions for changes
 * @param startWait longest time that the start waits for a database that does not answer
 */
@Validated
@ConfigurationProperties("rules")
record RulesProperties(
    @DefaultValue("") String databaseUrl,
    @DefaultValue("") String file,
    @DefaultValue("") String snapshotFile,
    @NotNull @DefaultValue("2s") Duration pollInterval,
    @NotNull @DefaultValue("5s") Duration startWait) {}
