package io.ratelimiter.service.full;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real nginx in a folder of its own. */
final class Nginx {

  private Nginx() {}

  /**
   * Starts it with a whole configuration and waits until it listens.
   *
   * @param url where the configuration listens
   */
  static ProxyProcess start(Path folder, String config, URI url) throws IOException {
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
    return ProxyProcess.start(
        folder.resolve("nginx.log"),
        List.of(
            "nginx",
            "-p",
            folder.toString(),
            "-c",
            file.toString(),
            "-g",
            "daemon off;" + userDirective()),
        url);
  }

  private static String userDirective() {
    return "root".equals(System.getProperty("user.name")) ? " user root;" : "";
  }
}
