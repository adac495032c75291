package io.ratelimiter.service.full;

import io.ratelimiter.localstack.junit.Programs;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** A real nginx in a folder of its own. */
final class Nginx implements AutoCloseable {

  private final Process process;
  private final URI url;

  private Nginx(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  /**
   * Starts it with a whole configuration and waits until it listens.
   *
   * @param url where the configuration listens
   */
  static Nginx start(Path folder, String config, URI url) throws IOException {
    // Run by root, nginx serves as another user.
    folder.toFile().setExecutable(true, false);
    Path file = folder.resolve("nginx.conf");
    Files.writeString(
        file,
        config
            .replaceAll("(?m)^pid .*;$", "pid " + folder.resolve("nginx.pid") + ";")
            .replace(
                "\nhttp {",
                """

                http {
                    client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy;
                    fastcgi_temp_path %1$s/f; uwsgi_temp_path %1$s/u; scgi_temp_path %1$s/s;
                """
                    .formatted(folder)));
    List<String> command = new ArrayList<>(List.of("nginx", "-p", folder.toString()));
    command.addAll(List.of("-c", file.toString(), "-g", "daemon off;" + userDirective()));
    Nginx nginx = new Nginx(Programs.start(folder.resolve("nginx.log"), command), url);
    nginx.awaitListening(folder.resolve("nginx.log"));
    return nginx;
  }

  private static String userDirective() {
    return "root".equals(System.getProperty("user.name")) ? " user root;" : "";
  }

  private void awaitListening(Path log) throws IOException {
    HttpRequest any = HttpRequest.newBuilder(url).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      Awaitility.await()
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() ->
              !process.isAlive() || client.send(any, BodyHandlers.discarding()).statusCode() > 0);
    }
    if (!process.isAlive()) {
      throw new AssertionError("nginx ended while it started:\n" + Programs.text(log));
    }
  }

  URI url() {
    return url;
  }

  @Override
  public void close() throws InterruptedException {
    Programs.stop(process);
    process.waitFor();
  }
}
