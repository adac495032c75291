package io.ratelimiter.service.full;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.Programs;
import io.ratelimiter.service.ServiceUnderTest;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real nginx with the configuration that we ship, in front of a page. */
@Tag("full")
@LocalStack
class NginxIT {

  private static final Path SHIPPED = Path.of("../deploy/nginx/auth_request.conf");

  @TempDir private Path folder;

  @Test
  void nginx_serves_20_requests_and_blocks_the_21st_with_429_and_what_the_limiter_said(
      RedisServer redis) throws Exception {
    redis.command("flushall");
    try (ServiceUnderTest service =
        new ServiceUnderTest(Map.of("REDIS_PORT", Integer.toString(redis.port())))) {
      int port = freePort();
      Process nginx = start(service.url().getPort(), port);
      try (HttpClient client = HttpClient.newHttpClient()) {
        Awaitility.await().until(() -> listens(client, port));
        for (int i = 1; i <= 20; i++) {
          HttpResponse<String> page = get(client, port);
          assertThat(page.statusCode()).as("request %d", i).isEqualTo(200);
          assertThat(page.body()).isEqualTo("the page");
          assertThat(page.headers().firstValue("RateLimit").orElseThrow())
              .startsWith("\"api_client\";r=" + (20 - i));
        }
        HttpResponse<String> blocked = get(client, port);
        assertThat(blocked.statusCode()).isEqualTo(429);
        assertThat(blocked.headers().firstValue("RateLimit-Policy"))
            .hasValue("\"api_client\";q=20;w=60");
        assertThat(blocked.headers().firstValue("Retry-After")).hasValue("3");
        assertThat(blocked.headers().firstValue("Content-Type"))
            .hasValue("application/problem+json");
      } finally {
        Programs.stop(nginx);
        nginx.waitFor();
      }
      // One decision for each request: nothing was asked twice.
      assertThat(service.published().decisionsOf("api_client")).hasSize(21);
    }
  }

  private Process start(int limiter, int port) throws IOException {
    Path html = Files.createDirectory(folder.resolve("html"));
    Files.writeString(html.resolve("index.html"), "the page");
    // Run by root, nginx serves as another user.
    folder.toFile().setExecutable(true, false);
    String server =
        Files.readString(SHIPPED)
            .replace("127.0.0.1:8000", "127.0.0.1:" + limiter)
            .replace("127.0.0.1:8080", "127.0.0.1:" + port)
            .replace("root html;", "root " + html + ";");
    Path main = folder.resolve("nginx.conf");
    Files.writeString(
        main,
        """
        daemon off;
        pid %1$s/nginx.pid;
        error_log %1$s/error.log;
        worker_processes 1;
        events { worker_connections 64; }
        http {
          access_log off;
          client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy; fastcgi_temp_path %1$s/f;
          uwsgi_temp_path %1$s/u; scgi_temp_path %1$s/s;
          %2$s
        }
        """
            .formatted(folder, server));
    return Programs.start(
        folder.resolve("out.log"),
        List.of("nginx", "-p", folder.toString(), "-c", main.toString(), "-g", userDirective()));
  }

  private static String userDirective() {
    return "root".equals(System.getProperty("user.name")) ? "user root;" : "";
  }

  private static boolean listens(HttpClient client, int port) throws InterruptedException {
    try {
      HttpRequest other =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build();
      return client.send(other, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private static HttpResponse<String> get(HttpClient client, int port)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
            .header("X-Api-Key", "api_client")
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
