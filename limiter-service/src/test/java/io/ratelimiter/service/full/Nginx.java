package io.ratelimiter.service.full;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Starts nginx in its own folder. */
final class Nginx {

  private Nginx() {}

  /**
   * Starts nginx with a complete configuration and waits until it listens.
   *
   * @param url address on which the configuration listens
   */
  static ProxyProcess start(Path folder, String config, URI url) throws IOException {
    // Started by root, nginx serves as another user.
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
