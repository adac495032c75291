package io.ratelimiter.localstack;

import io.ratelimiter.localstack.process.Signal;
import io.ratelimiter.localstack.process.Watcher;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * A single Kafka node, broker and controller, with transactions and without automatic creation of
 * topics.
 */
public final class KafkaServer extends LocalServer {

  // Base64 of any UUID.
  private static final String CLUSTER_ID = "cmF0ZWxpbWl0ZXItbG9jYQ";
  private static final Set<String> LISTENER_PROPERTIES =
      Set.of("listeners", "advertised.listeners", "listener.security.protocol.map");
  private static final int CONNECT_MILLIS = 1_000;
  private static final int ADMIN_MILLIS = 10_000;

  private final Map<String, String> overrides;

  /**
   * Creates a server that is not started yet.
   *
   * @param overrides broker properties that replace the defaults; listeners are added to them
   */
  public KafkaServer(ServerPlace place, Map<String, String> overrides, Watcher watcher) {
    super("Kafka", place, watcher);
    this.overrides = Map.copyOf(overrides);
  }

  /** A value for {@code KAFKA_BOOTSTRAP_SERVERS}. */
  public String bootstrapServers() {
    return "localhost:" + port();
  }

  @Override
  List<String> prepare() {
    Path properties = writeProperties();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:-UsePerfData"));
    if (!place().durable()) {
      // A test's broker runs for seconds: a fast start matters more than fast code.
      command.add("-XX:TieredStopAtLevel=1");
    }
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Dlogback.configurationFile=io/ratelimiter/localstack/kafka-logback.xml");
    command.addAll(List.of("-cp", KafkaClassPath.value(), KafkaLauncher.class.getName()));
    command.addAll(List.of(CLUSTER_ID, properties.toString()));
    return command;
  }

  private Path writeProperties() {
    Properties properties = new Properties();
    try (Reader defaults = new StringReader(defaults())) {
      properties.load(defaults);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Path folder = place().folder().toAbsolutePath();
    properties.setProperty("log.dirs", folder.resolve("kafka-logs").toString());
    if (!place().durable()) {
      // After a kill the controller refuses the broker until its old session has expired.
      properties.putAll(
          Map.of("broker.session.timeout.ms", "2000", "broker.heartbeat.interval.ms", "200"));
    }
    overrides.forEach((name, value) ->
        properties.merge(
            name,
            value,
            (ours, override) ->
                LISTENER_PROPERTIES.contains(name) ? ours + "," + override : override));
    Path file = folder.resolve("server.properties");
    try (Writer out = Files.newBufferedWriter(file)) {
      properties.store(out, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  /** With a small dedupe buffer, whose default is a quarter of the heap, and few partitions. */
  private String defaults() {
    return """
    process.roles=broker,controller
    node.id=1
    controller.quorum.voters=1@localhost:%2$d
    controller.listener.names=CONTROLLER
    listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
    advertised.listeners=PLAINTEXT://localhost:%1$d
    listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
    auto.create.topics.enable=false
    group.initial.rebalance.delay.ms=0
    offsets.topic.replication.factor=1
    offsets.topic.num.partitions=5
    transaction.state.log.replication.factor=1
    transaction.state.log.min.isr=1
    transaction.state.log.num.partitions=5
    share.coordinator.state.topic.replication.factor=1
    share.coordinator.state.topic.min.isr=1
    log.cleaner.dedupe.buffer.size=16777216
    """
        .formatted(port(), controllerPort());
  }

  /**
   * The port above the broker's, which {@link Ports#free} never returns. A random port could be one
   * that another server of {@code ./run} is about to open.
   */
  private int controllerPort() {
    int next = port() + 1;
    return Ports.isFree(next) ? next : Ports.free();
  }

  @Override
  boolean answers() {
    if (!accepts()) {
      return false;
    }
    Map<String, Object> client =
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers(),
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ADMIN_MILLIS,
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ADMIN_MILLIS);
    try (Admin admin = Admin.create(client)) {
      return !admin.describeCluster().nodes().get(ADMIN_MILLIS, TimeUnit.MILLISECONDS).isEmpty();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("no answer to a metadata request: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Checked before the client is used, because the client logs every failed attempt. */
  private boolean accepts() {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port()), CONNECT_MILLIS);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  @Override
  Signal stopSignal() {
    return Signal.TERM;
  }
}
