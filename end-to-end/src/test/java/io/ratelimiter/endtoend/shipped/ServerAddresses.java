package io.ratelimiter.endtoend.shipped;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Parses server addresses in environment variables. */
final class ServerAddresses {

  private static final Pattern URL = Pattern.compile("[a-z0-9+:-]+://(?:[^@/]*@)?([^/?]+).*");

  private ServerAddresses() {}

  /** Each host:port in a variable's value, with the default port if it has none. */
  static List<String> in(String variable, String value) {
    return switch (variable) {
      case "KAFKA_BOOTSTRAP_SERVERS" -> hosts(value, "9092");
      case "REDIS_HOST" -> hosts(value, "6379");
      case "JAEGER_HOST" -> hosts(value, "4317");
      case "REDIS_URL" -> ofUrl(value, "6379");
      case "DATABASE_URL" -> ofUrl(value, "5432");
      case "OTEL_EXPORTER_OTLP_ENDPOINT" -> ofUrl(value, "4317");
      default -> List.of();
    };
  }

  private static List<String> ofUrl(String value, String port) {
    var url = URL.matcher(value);
    return url.matches() ? hosts(url.group(1), port) : List.of();
  }

  private static List<String> hosts(String value, String port) {
    return Arrays.stream(value.split(","))
        .filter(host -> !host.isBlank())
        .map(host -> host.contains(":") ? host : host + ":" + port)
        .toList();
  }
}
