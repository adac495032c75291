package io.ratelimiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.ratelimiter.endtoend.Caller.Answer;
import io.ratelimiter.endtoend.Collector.Received;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One trace from the HTTP check through Redis and Kafka to the auditor. */
@Tag("full")
class TraceIT {

  private static final List<String> OF_THE_JVM =
      List.of("WARNING: ", "OpenJDK", "NOTE: Picked up JDK_JAVA_OPTIONS");

  private static final String LIMITER = "rate-limiter";
  private static final String AUDITOR = "stream-auditor";

  @TempDir static Path folder;

  private static Collector collector;
  private static Product product;
  private static Caller caller;

  @BeforeAll
  static void start() {
    collector = new Collector();
    product =
        Product.in(folder)
            .withArguments("--trace")
            .with("JAEGER_PORT", Integer.toString(collector.port()))
            .with("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
            .with("OTEL_BSP_SCHEDULE_DELAY", "200")
            .with("LOG_FORMAT", "json")
            .start();
    caller = new Caller(product.port("PORT"));
    // What is decided before goes to the spool, and from there untraced.
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> caller.get("/health").body().contains("\"kafka_available\":true"));
  }

  @AfterAll
  static void stop() {
    product.close();
    collector.close();
  }

  /** The spans of one check. */
  private record Way(Received http, Received redis, Received publish, Received process) {}

  @Test
  void aCheckIsOneTraceFromHttpThroughRedisAndKafkaToTheAudit() {
    Way way = wayOfACheck();

    assertThat(way.http().parent()).isEmpty();
    assertThat(way.http().service()).isEqualTo(LIMITER);
    assertThat(way.http().attributes())
        .containsEntry("ratelimiter.rule", "api_client")
        .containsEntry("ratelimiter.tenant", "default")
        .containsEntry("ratelimiter.source", "redis")
        .containsKey("ratelimiter.decision_id");
    assertThat(way.redis().parent()).isEqualTo(way.http().id());
    assertThat(way.redis().service()).isEqualTo(LIMITER);
    assertThat(way.publish().parent()).isEqualTo(way.http().id());
    assertThat(way.publish().service()).isEqualTo(LIMITER);
    assertThat(way.process().parent()).isEqualTo(way.publish().id());
    assertThat(way.process().service()).isEqualTo(AUDITOR);
  }

  @Test
  void theUpsertLeadsBackToTheDecisionByLinks() {
    Way way = wayOfACheck();

    Received told =
        await(AUDITOR, span -> span.name().equals("tell minutes") && leadsTo(span, way.process()));
    Received row =
        await(
            AUDITOR,
            span -> span.parent().equals(told.id()) && span.name().contains("block-rates"));
    Received batch = await(AUDITOR, span -> leadsTo(span, row));
    Received upsert =
        await(
            AUDITOR,
            span ->
                span.parent().equals(batch.id())
                    && span.name().equals("INSERT audit.rate_limit_metrics"));
    assertThat(upsert.trace()).isEqualTo(batch.trace());
  }

  @Test
  void aReloadOfTheRulesHasItsSqlBelowIt() {
    new Database(product.port("LOCAL_POSTGRES_PORT"))
        .execute("update limiter.rate_limit_rules set rate = 21 where name = 'api_client'");

    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(collector.spans(span -> span.name().equals("rules reload")))
                .anySatisfy(reload ->
                    assertThat(childrenOf(reload))
                        .extracting(Received::name)
                        .contains("SELECT limiter.rate_limit_rules")));
  }

  @Test
  void whatSpringServesIsATraceToo() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          caller.get("/rules");
          return !collector
              .spans(span ->
                  span.name().equals("GET /rules")
                      && span.attributes().containsKey("ratelimiter.correlation_id"))
              .isEmpty();
        });
  }

  @Test
  void logsAreJsonAndALineAboutARecordHasItsCorrelationId() {
    new Forger(product.port("LOCAL_KAFKA_PORT")).sendGarbageOf("forged-1");

    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(jsonLines("stream-auditor"))
                .extracting(line -> line.path("correlation_id").asString(""))
                .contains("forged-1"));
    assertThat(jsonLines("limiter-service"))
        .isNotEmpty()
        .allSatisfy(line -> {
          assertThat(line.path("level").asString("")).isNotEmpty();
          assertThat(line.path("message").asString("")).isNotEmpty();
        });
  }

  /** Without what the JVM itself writes before there is any logging. */
  private static List<JsonNode> jsonLines(String service) {
    return product
        .log(service)
        .lines()
        .filter(line -> !line.isBlank() && OF_THE_JVM.stream().noneMatch(line::startsWith))
        .map(new JsonMapper()::readTree)
        .toList();
  }

  /** Asks until a check's spans are all here: an export that takes over 100 ms is given up. */
  private static Way wayOfACheck() {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(TraceIT::tryOne, Optional::isPresent)
        .orElseThrow();
  }

  private static Optional<Way> tryOne() {
    Answer answer = caller.check("api_client");
    try {
      return Awaitility.await()
          .atMost(Duration.ofSeconds(8))
          .until(() -> way(answer.correlationId()), Optional::isPresent);
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      return Optional.empty();
    }
  }

  private static Optional<Way> way(String correlationId) {
    return collector
        .spans(span -> correlationId.equals(span.attributes().get("ratelimiter.correlation_id")))
        .stream()
        .findFirst()
        .flatMap(http -> {
          List<Received> trace = collector.spans(span -> span.trace().equals(http.trace()));
          Optional<Received> redis = of(trace, SpanKind.SPAN_KIND_CLIENT, "EVALSHA");
          Optional<Received> publish =
              of(trace, SpanKind.SPAN_KIND_PRODUCER, "ratelimiter.decisions.v1 publish");
          Optional<Received> process =
              of(trace, SpanKind.SPAN_KIND_CONSUMER, "ratelimiter.decisions.v1 process");
          return redis.isPresent() && publish.isPresent() && process.isPresent()
              ? Optional.of(new Way(http, redis.get(), publish.get(), process.get()))
              : Optional.empty();
        });
  }

  private static Optional<Received> of(List<Received> trace, SpanKind kind, String name) {
    return trace.stream()
        .filter(span -> span.kind() == kind && span.name().equals(name))
        .findFirst();
  }

  private static Received await(String service, java.util.function.Predicate<Received> wanted) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> collector.spans(span -> span.service().equals(service) && wanted.test(span)),
            found -> !found.isEmpty())
        .getFirst();
  }

  private static boolean leadsTo(Received span, Received other) {
    return span.links().contains(other.id());
  }

  private static List<Received> childrenOf(Received parent) {
    return collector.spans(span -> span.parent().equals(parent.id()));
  }
}
