import java.io.BufferedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Prints the values of a topic from its beginning, one per line, until it is killed. */
class ReadTopic {

  public static void main(String[] arguments) {
    List<String> given = List.of(arguments);
    var out =
        new PrintStream(new BufferedOutputStream(System.out, 1 << 16), false, StandardCharsets.UTF_8);
    String servers = given.get(given.indexOf("--bootstrap-server") + 1);
    var strings = new StringDeserializer();
    try (var consumer =
        new KafkaConsumer<>(Map.<String, Object>of("bootstrap.servers", servers), strings, strings)) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(given.get(given.indexOf("--topic") + 1)).stream()
              .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      // checkError is true once the reader has closed the pipe.
      while (!out.checkError()) {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> out.println(record.value()));
      }
    }
  }
}
