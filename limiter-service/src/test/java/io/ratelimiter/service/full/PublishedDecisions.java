package io.ratelimiter.service.full;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.EventHeaders;
import io.ratelimiter.schemas.EventReader;
import io.ratelimiter.service.decisions.TopicReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Decisions of a client on the decisions topic. */
final class PublishedDecisions {

  private PublishedDecisions() {}

  /** Decision ids of a client, including duplicates. */
  static List<String> decisions(KafkaServer kafka, String client) {
    return TopicReader.readAll(kafka.bootstrapServers()).stream()
        .filter(message -> EventHeaders.TYPE_DECISION.equals(type(message)))
        .map(message -> new EventReader().decision(message.value()))
        .filter(event -> event.clientId().equals(client))
        .map(DecisionEvent::decisionId)
        .toList();
  }

  private static String type(ConsumerRecord<byte[], byte[]> message) {
    return new String(
        message.headers().lastHeader(EventHeaders.CE_TYPE).value(), StandardCharsets.UTF_8);
  }
}
