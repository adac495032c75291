package io.ratelimiter.service.decisions;

import io.ratelimiter.schemas.topics.Topics;
import io.ratelimiter.service.decisions.spool.file.SpoolFile;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the decision stream.
 *
 * @param bootstrapServers Kafka's addresses; blank: every decision is spooled
 * @param topic the decisions topic
 * @param partitions number of its partitions
 * @param instanceId name of this publisher; empty: the host name
 * @param region of this publisher, in every event; empty: none
 * @param serviceName first part of {@code ce_source}
 * @param spoolDir folder of the spool, for one process only
 * @param spoolMaxSize max size of the spool's files
 * @param ledgerInterval time between two ledgers of each series
 * @param stallTimeout time without an acknowledgement after which Kafka counts as unavailable
 * @param deliveryTimeout how long the producer tries to deliver before an event is spooled
 * @param replayRate max spooled events sent per second
 */
@Validated
@ConfigurationProperties("decisions")
public record DecisionsProperties(
    @DefaultValue("") String bootstrapServers,
    @DefaultValue(Topics.DECISIONS) @NotBlank String topic,
    @DefaultValue("12") @Min(1) @Max(10_000) int partitions,
    @DefaultValue("") @Pattern(regexp = "[A-Za-z0-9._-]{0,128}") String instanceId,
    @DefaultValue("") @Pattern(regexp = "|[a-z0-9][a-z0-9_-]{0,62}") String region,
    @DefaultValue("rate-limiter") @NotBlank String serviceName,
    @DefaultValue("spool") @NotNull Path spoolDir,
    @DefaultValue("1GB") @NotNull DataSize spoolMaxSize,
    @DefaultValue("5s") @NotNull Duration ledgerInterval,
    @DefaultValue("2s") @NotNull Duration stallTimeout,
    @DefaultValue("10s") @NotNull Duration deliveryTimeout,
    @DefaultValue("5000") @Min(1) int replayRate) {

  private static final DataSize MIN_SPOOL = DataSize.ofBytes(SpoolFile.MIN_BYTES);

  public DecisionsProperties {
    if (spoolMaxSize.compareTo(MIN_SPOOL) < 0) {
      throw new IllegalArgumentException(
          "SPOOL_MAX_BYTES must be at least "
              + MIN_SPOOL.toBytes()
              + ", not "
              + spoolMaxSize.toBytes());
    }
  }

  /** The configured name of this publisher, else the host's. */
  public String instance() {
    return instanceId.isEmpty() ? HostName.ofThisMachine() : instanceId;
  }
}
