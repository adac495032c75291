package io.ratelimiter.auditor.streams;

import io.ratelimiter.auditor.topology.AuditTerms.Bills;
import io.ratelimiter.auditor.topology.AuditTerms.ClientDetail;
import io.ratelimiter.schemas.topics.Topics;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the streams application.
 *
 * @param bootstrapServers host:port, separated by commas
 * @param topics decisions topics: the current one, and earlier ones that are still read
 * @param partitions of the current decisions topic
 * @param generation a higher generation counts all records of the topic again
 * @param maxLatenessHours hours of append time for which a minute accepts events
 * @param clientDetail the decisions of which there are rows by client
 * @param bills whose bills are counted
 * @param threads stream threads
 * @param stateDir folder of the local state, for this process only
 * @param groupProtocol classic or streams
 * @param commitIntervalMs milliseconds between commits
 */
@Validated
@ConfigurationProperties("auditor.streams")
public record StreamsProperties(
    @NotBlank String bootstrapServers,
    @NotEmpty List<String> topics,
    @Min(1) int partitions,
    @Min(1) int generation,
    @Min(1) @Max(144) int maxLatenessHours,
    ClientDetail clientDetail,
    Bills bills,
    @Min(1) int threads,
    Path stateDir,
    @Pattern(regexp = "classic|streams") String groupProtocol,
    @Min(100) int commitIntervalMs) {

  /** The consumer groups and internal topics of all generations begin with this. */
  static final String APPLICATION = "ratelimiter-auditor-g";

  public StreamsProperties {
    topics = List.copyOf(topics);
    groupProtocol = groupProtocol.toLowerCase(Locale.ROOT);
  }

  /**
   * The consumer group of a topic's audit; a new generation is a new group and reads from the
   * start. Changelog topics and the folder of the state begin with it.
   */
  String applicationId(String topic) {
    String id = APPLICATION + generation;
    return topic.equals(Topics.DECISIONS) ? id : id + '-' + topic;
  }

  /** Whether limiters publish to this topic now, as far as known. */
  boolean isCurrent(String topic) {
    return topic.equals(topics.getFirst());
  }
}
