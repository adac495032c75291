package io.ratelimiter.auditor.streams;

import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kafka's protocols by which instances share the partitions. */
final class GroupProtocol {

  static final String CLASSIC = "classic";

  private static final Logger log = LoggerFactory.getLogger(GroupProtocol.class);

  /** The brokers' feature that the protocol {@code streams} needs. */
  private static final String FEATURE = "streams.version";

  private GroupProtocol() {}

  /** The protocol of the settings if the brokers have it, otherwise {@link #CLASSIC}. Blocks. */
  static String supported(String configured, Admin admin)
      throws ExecutionException, InterruptedException {
    if (configured.equals(CLASSIC)) {
      return configured;
    }
    FinalizedVersionRange feature =
        admin.describeFeatures().featureMetadata().get().finalizedFeatures().get(FEATURE);
    if (feature != null && feature.maxVersionLevel() > 0) {
      return configured;
    }
    log.warn(
        "AUDIT_GROUP_PROTOCOL is {}, but the brokers do not have it (feature {}); the audit uses {}",
        configured,
        FEATURE,
        CLASSIC);
    return CLASSIC;
  }
}
