import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Prints who was blocked, each decision once: a record may come twice, with the same decision_id.
 *
 * <p>Run with kafka-clients and Jackson 3 on the class path: {@code java -cp ... TailDecisions.java
 * localhost:19092 [stop after so many idle seconds]}
 */
public final class TailDecisions {

  public static void main(String[] args) {
    int idleSeconds = args.length > 1 ? Integer.parseInt(args[1]) : Integer.MAX_VALUE;
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", args[0],
            "group.id", "tail-decisions",
            "auto.offset.reset", "earliest");
    JsonMapper json = new JsonMapper();
    Set<String> seen = new HashSet<>();
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(Set.of("ratelimiter.decisions.v1"));
      long blocked = 0;
      for (int idle = 0; idle < idleSeconds; idle++) {
        for (ConsumerRecord<String, byte[]> message : consumer.poll(Duration.ofSeconds(1))) {
          if (!"decision.v1".equals(type(message))) {
            continue;
          }
          idle = -1;
          JsonNode decision = json.readTree(message.value());
          if (seen.add(decision.get("decision_id").stringValue())
              && !decision.get("allowed").booleanValue()) {
            blocked++;
            System.out.println(message.key() + " " + decision.get("reason").stringValue());
          }
        }
      }
      System.out.println(seen.size() + " decisions, " + blocked + " blocked");
    }
  }

  private static String type(ConsumerRecord<String, byte[]> message) {
    return new String(message.headers().lastHeader("ce_type").value(), StandardCharsets.UTF_8);
  }
}
