package io.ratelimiter.service.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.Ports;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.schemas.Books;
import io.ratelimiter.service.decisions.kafka.KafkaAvailability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** A Kafka that requires TLS and passwords, configured with {@code KAFKA_CLIENT_*} alone. */
@Tag("full")
@LocalStack
class SecuredKafkaIT {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String MECHANISM = "SCRAM-SHA-512";
  private static final int TLS = Ports.free();
  private static final int TLS_AND_PASSWORD = Ports.free();

  private static KafkaServer kafka;
  private static BrokerCertificate certificate;

  @TempDir Path spool;

  @BeforeAll
  static void startKafka(PrivateServers servers, @TempDir Path folder) throws Exception {
    certificate = BrokerCertificate.in(folder);
    kafka = servers.kafka(brokerSettings());
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      ScramCredentialInfo scram = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
      admin
          .alterUserScramCredentials(
              List.of(new UserScramCredentialUpsertion("limiter", scram, "right")))
          .all()
          .get();
    }
  }

  private static Map<String, String> brokerSettings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put(
        "listeners", "SSL://127.0.0.1:%d,SASL_SSL://127.0.0.1:%d".formatted(TLS, TLS_AND_PASSWORD));
    settings.put(
        "advertised.listeners",
        "SSL://localhost:%d,SASL_SSL://localhost:%d".formatted(TLS, TLS_AND_PASSWORD));
    settings.put("listener.security.protocol.map", "SSL:SSL,SASL_SSL:SASL_SSL");
    settings.put("ssl.keystore.type", "PKCS12");
    settings.put("ssl.keystore.location", certificate.store().toString());
    settings.put("ssl.keystore.password", BrokerCertificate.PASSWORD);
    settings.put("sasl.enabled.mechanisms", MECHANISM);
    settings.put(
        "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    return settings;
  }

  @Test
  void decisionsArePublishedOverTls(TestInfo test) {
    assertPublished(fixture(test, TLS, tls()));
  }

  @Test
  void decisionsArePublishedOverTlsWithAPassword(TestInfo test) {
    assertPublished(fixture(test, TLS_AND_PASSWORD, password("right")));
  }

  @Test
  void aWrongPasswordIsLoggedOnceAndNothingIsLost(TestInfo test) {
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    ((Logger) LoggerFactory.getLogger(KafkaAvailability.class)).addAppender(logged);
    DecisionStream refused = fixture(test, TLS_AND_PASSWORD, password("wrong")).start();
    Load load = new Load(refused.publisher()).burst(300);
    await().atMost(LIMIT).until(() -> "refused".equals(refused.state().kafkaFault()));
    await().atMost(LIMIT).until(() -> refused.state().spool().events() == 300);
    // More attempts: there are two a second.
    Load later = new Load(refused.publisher()).run(100, Duration.ofSeconds(4));
    refused.stop();

    assertThat(logged.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .singleElement()
        .asString()
        .contains("localhost:" + TLS_AND_PASSWORD, "spooled", "SaslAuthenticationException");
    StreamFixture right = fixture(test, TLS_AND_PASSWORD, password("right"));
    DecisionStream next = right.start();
    await().atMost(LIMIT).until(() -> next.state().acked() == 700);
    next.stop();
    load.answered().putAll(later.answered());
    Books books = right.at(kafka.bootstrapServers()).books();
    assertThat(books.discrepancies(load.answered(), 0)).isEmpty();
  }

  @Test
  void anUntrustedBrokerGetsNothing(TestInfo test, @TempDir Path other) throws Exception {
    Map<String, String> distrusting = tls();
    distrusting.put(
        "KAFKA_CLIENT_SSL_TRUSTSTORE_LOCATION", BrokerCertificate.in(other).pem().toString());
    DecisionStream stream = fixture(test, TLS, distrusting).start();
    new Load(stream.publisher()).burst(10);

    await().atMost(LIMIT).until(() -> "refused".equals(stream.state().kafkaFault()));
    await().atMost(LIMIT).until(() -> stream.state().spool().events() == 10);
    stream.stop();
  }

  /** The first test to run also creates the topic this way. */
  private static void assertPublished(StreamFixture fixture) {
    DecisionStream stream = fixture.start();
    await().atMost(LIMIT).until(() -> stream.state().kafkaAvailable());
    Load load = new Load(stream.publisher()).burst(500);
    stream.stop();

    Books books = fixture.at(kafka.bootstrapServers()).books();
    assertThat(books.discrepancies(load.answered(), 0)).isEmpty();
    assertThat(stream.state().acked()).isEqualTo(500);
  }

  private StreamFixture fixture(TestInfo test, int port, Map<String, String> variables) {
    return StreamFixture.on(
            "localhost:" + port, test.getTestMethod().orElseThrow().getName(), spool)
        .with(passedThrough(variables));
  }

  private static Map<String, String> passedThrough(Map<String, String> variables) {
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                Map.copyOf(variables)));
    return DecisionsConfiguration.passedThrough(environment);
  }

  private static Map<String, String> tls() {
    Map<String, String> variables = new TreeMap<>();
    variables.put("KAFKA_CLIENT_SECURITY_PROTOCOL", "SSL");
    variables.put("KAFKA_CLIENT_SSL_TRUSTSTORE_TYPE", "PEM");
    variables.put("KAFKA_CLIENT_SSL_TRUSTSTORE_LOCATION", certificate.pem().toString());
    return variables;
  }

  private static Map<String, String> password(String password) {
    Map<String, String> variables = tls();
    variables.put("KAFKA_CLIENT_SECURITY_PROTOCOL", "SASL_SSL");
    variables.put("KAFKA_CLIENT_SASL_MECHANISM", MECHANISM);
    variables.put(
        "KAFKA_CLIENT_SASL_JAAS_CONFIG",
        "org.apache.kafka.common.security.scram.ScramLoginModule required"
            + " username=\"limiter\" password=\"%s\";".formatted(password));
    return variables;
  }
}
