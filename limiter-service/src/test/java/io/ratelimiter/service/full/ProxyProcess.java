package io.ratelimiter.service.full;

import io.ratelimiter.localstack.junit.SystemPrograms;
import io.ratelimiter.service.api.contract.RawCaller;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** A running proxy. */
final class ProxyProcess implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Process process;
  private final URI url;

  private ProxyProcess(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  /**
   * Starts the proxy and waits until it serves requests; fails if the program is missing, or with
   * its output if it ends.
   *
   * @param output file for its output
   * @param url address on which it listens
   */
  static ProxyProcess start(Path output, List<String> command, URI url) {
    ProxyProcess started = new ProxyProcess(SystemPrograms.start(output, command), url);
    started.awaitServing();
    if (!started.process.isAlive()) {
      throw new AssertionError(
          String.join(" ", command) + " ended while it started:\n" + SystemPrograms.text(output));
    }
    return started;
  }

  private void awaitServing() {
    HttpRequest any = HttpRequest.newBuilder(url).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      Awaitility.await()
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() ->
              !process.isAlive()
                  // Traefik listens before it has read its routes.
                  || client.send(any, BodyHandlers.discarding()).statusCode() != 404);
    }
  }

  URI url() {
    return url;
  }

  /** Sends a GET with target and headers byte for byte as given, and returns the answer. */
  RawAnswer get(String target, String... headers) throws IOException {
    return send(url, "GET", target, "", headers);
  }

  /** Sends a request to this address, byte for byte as given, and returns the answer. */
  static RawAnswer send(URI to, String method, String target, String body, String... headers)
      throws IOException {
    StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: app\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    if (!body.isEmpty()) {
      request.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    request.append("Connection: close\r\n\r\n").append(body);
    try (RawCaller caller = new RawCaller(to)) {
      return new RawAnswer(caller.send(request.toString()).readToEnd(TIMEOUT));
    }
  }

  @Override
  public void close() throws InterruptedException {
    SystemPrograms.stop(process);
    process.waitFor();
  }
}
