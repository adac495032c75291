package io.ratelimiter.service;

import io.ratelimiter.localstack.Ports;
import io.ratelimiter.service.api.eventloop.FrontDoor;
import io.ratelimiter.service.decisions.DecisionPublisher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.util.FileSystemUtils;

/** The service in this process, on a port of its own; records what it publishes. */
public final class ServiceUnderTest implements AutoCloseable {

  /** The token of its admin plane. */
  public static final String ADMIN_TOKEN = "token-of-this-test";

  private final ConfigurableApplicationContext context;
  private final RecordingPublisher published;
  private final Path ownSpool = spoolFolder();

  /** Starts the service with these environment variables; others have their defaults. */
  public ServiceUnderTest(Map<String, String> environment) {
    this(environment, LimiterServiceApplication.class, Recording.class);
  }

  /** Starts the service with the publisher of production. */
  public static ServiceUnderTest publishing(Map<String, String> environment) {
    return new ServiceUnderTest(environment, LimiterServiceApplication.class);
  }

  /** Starts the service with an additional configuration. */
  public static ServiceUnderTest with(Map<String, String> environment, Class<?> more) {
    return new ServiceUnderTest(
        environment, LimiterServiceApplication.class, Recording.class, more);
  }

  private ServiceUnderTest(Map<String, String> environment, Class<?>... sources) {
    Map<String, String> properties = new HashMap<>();
    properties.put("PORT", "0");
    properties.put("CHECK_PORT", "0");
    properties.put("ADMIN_TOKEN", ADMIN_TOKEN);
    properties.put("REDIS_TIMEOUT_MS", "2000");
    properties.put("RULES_FILE", rulesFile());
    properties.put("DRAIN", "0s");
    properties.put("SPOOL_DIR", ownSpool.toString());
    properties.putAll(environment);
    properties.replace("CHECK_PORT", "any", Integer.toString(Ports.free()));
    context = new SpringApplicationBuilder(sources).run(arguments(properties));
    published = context.getBeanProvider(RecordingPublisher.class).getIfAvailable();
    awaitReady();
  }

  /** As command-line arguments, which have precedence over all other sources of settings. */
  private static String[] arguments(Map<String, String> properties) {
    return properties.entrySet().stream()
        .map(property -> "--" + property.getKey() + "=" + property.getValue())
        .toArray(String[]::new);
  }

  private void awaitReady() {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest probe = HttpRequest.newBuilder(url().resolve("/readyz")).build();
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> client.send(probe, BodyHandlers.discarding()).statusCode() == 200);
    }
  }

  private static Path spoolFolder() {
    try {
      return Files.createTempDirectory("spool");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String rulesFile() {
    return Path.of(
            Objects.requireNonNull(ServiceUnderTest.class.getResource("/contract-rules.json"))
                .getPath())
        .toString();
  }

  /** Base URL of the service. */
  public URI url() {
    return url(context.getBean(FrontDoor.class).address());
  }

  /** Base URL of the check port; {@code CHECK_PORT} must be set, {@code any} means a free port. */
  public URI checkUrl() {
    return url(context.getBean(FrontDoor.class).checkAddress());
  }

  private static URI url(InetSocketAddress address) {
    return URI.create("http://127.0.0.1:" + Objects.requireNonNull(address).getPort());
  }

  /** What the service has published. */
  public RecordingPublisher published() {
    return published;
  }

  /** Stops the service; blocks until it has stopped. */
  @Override
  public void close() {
    context.close();
    deleteSpool();
  }

  private void deleteSpool() {
    try {
      FileSystemUtils.deleteRecursively(ownSpool);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Recording {

    @Bean
    @Primary
    DecisionPublisher recordingPublisher() {
      return new RecordingPublisher();
    }
  }
}
