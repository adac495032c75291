import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Prints the clients that were blocked, each decision once: a record may be received twice, with the same
 * decision_id. A record that cannot be read is reported and skipped.
 *
 * <p>Needs kafka-clients and Jackson. From the root of a repository that was built (by {@code ./run}
 * or {@code ./mvnw package}):
 *
 * <pre>java -cp 'local-stack/target/lib/*' schemas/examples/TailDecisions.java localhost:19092</pre>
 */
public final class TailDecisions {

  /** Max number of ids that are remembered; a repetition after more decisions is printed twice. */
  private static final int REMEMBERED = 100_000;

  private final JsonMapper json = new JsonMapper();
  private final Map<String, Boolean> seen =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };
  private long decisions;
  private long blocked;
  private long unreadable;

  public static void main(String[] args) {
    if (args.length < 1) {
      System.err.println("TailDecisions host:port [seconds without a decision after which it ends]");
      System.exit(2);
    }
    int idleSeconds = args.length > 1 ? Integer.parseInt(args[1]) : Integer.MAX_VALUE;
    new TailDecisions().run(args[0], idleSeconds);
  }

  private void run(String servers, int idleSeconds) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", servers,
            "group.id", "tail-decisions",
            "auto.offset.reset", "earliest");
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(Set.of("ratelimiter.decisions.v1"));
      for (int idle = 0; idle < idleSeconds; idle++) {
        for (ConsumerRecord<String, byte[]> message : consumer.poll(Duration.ofSeconds(1))) {
          idle = take(message) ? -1 : idle;
        }
      }
    }
    System.out.println(decisions + " decisions, " + blocked + " blocked, " + unreadable + " unreadable");
  }

  /** Whether the record is a decision that was not seen before. */
  private boolean take(ConsumerRecord<String, byte[]> message) {
    Header type = message.headers().lastHeader("ce_type");
    if (type != null && !"decision.v1".equals(new String(type.value(), StandardCharsets.UTF_8))) {
      return false;
    }
    JsonNode decision = read(message.value());
    String id = decision.path("decision_id").asText();
    if (type == null || id.isEmpty() || !decision.path("allowed").isBoolean()) {
      unreadable++;
      System.err.println("unreadable record at " + message.partition() + "/" + message.offset());
      return false;
    }
    if (seen.putIfAbsent(id, true) != null) {
      return false;
    }
    decisions++;
    if (!decision.get("allowed").booleanValue()) {
      blocked++;
      System.out.println(message.key() + " " + decision.path("reason").asText());
    }
    return true;
  }

  /** The record's value; an object without fields when it is not JSON. */
  private JsonNode read(byte[] value) {
    try {
      JsonNode node = value == null ? null : json.readTree(value);
      return node == null ? json.createObjectNode() : node;
    } catch (IOException e) {
      return json.createObjectNode();
    }
  }
}
