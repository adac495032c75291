package io.ratelimiter.service.api.mvc.rules;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A language model's server: streams words as server-sent events, and reports the tokens used in
 * the last one.
 */
final class ModelServer implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();
  private static final int WORDS = 5;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ToIntFunction<String> tokensOf;
  private final HttpServer server;

  /** A server on a port of its own; the tokens of a request follow from its prompt. */
  ModelServer(ToIntFunction<String> tokensOf) throws IOException {
    this.tokensOf = tokensOf;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v1/chat/completions", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode request = JSON.readTree(exchange.getRequestBody());
      String prompt = request.get("messages").get(0).get("content").stringValue();
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = exchange.getResponseBody();
      for (int i = 0; i < WORDS; i++) {
        send(out, "{\"choices\":[{\"delta\":{\"content\":\"word \"}}]}");
      }
      send(
          out,
          "{\"choices\":[],\"usage\":{\"total_tokens\":%d}}"
              .formatted(tokensOf.applyAsInt(prompt)));
      send(out, "[DONE]");
    }
  }

  private static void send(OutputStream out, String data) throws IOException {
    out.write("data: %s\n\n".formatted(data).getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
