package io.ratelimiter.service.full;

import io.ratelimiter.localstack.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The proxies with recipes in {@code deploy/proxies}, run with the shipped files. */
enum Proxy {
  NGINX("nginx.conf", "\"~^50[24]$\" @refused", "\"~^50[24]$\" @served") {
    @Override
    ProxyProcess run(Path folder, Path recipe, URI url) throws IOException {
      String before = "pid nginx.pid;\nerror_log stderr;\nevents {}\n\nhttp {\naccess_log off;\n";
      String whole = before + Files.readString(recipe) + "}\n";
      return Nginx.start(folder, whole, url);
    }
  },

  CADDY("Caddyfile", "limiter_away closed", "limiter_away open") {
    @Override
    List<String> command(Path recipe) {
      // By default it writes to its user's home.
      String home = recipe.getParent().toString();
      return List.of(
          "env",
          "XDG_CONFIG_HOME=" + home,
          "XDG_DATA_HOME=" + home,
          "caddy",
          "run",
          "--config",
          recipe.toString(),
          "--adapter",
          "caddyfile");
    }
  },

  HAPROXY("haproxy.cfg", "lua.limit closed", "lua.limit open") {
    @Override
    List<String> command(Path recipe) {
      return List.of("haproxy", "-db", "-f", recipe.toString());
    }
  },

  TRAEFIK("traefik.yml", "\n      service: limiter\n", "\n      service: limiter-or-pass\n") {
    @Override
    List<String> command(Path recipe) throws IOException {
      Stream<String> options =
          Files.readString(recipe)
              .lines()
              .filter(line -> line.startsWith("#   --"))
              .map(line -> line.substring(4));
      return Stream.concat(Stream.of("traefik"), options).toList();
    }
  },

  ENVOY("envoy.yaml", "failure_mode_allow: false", "failure_mode_allow: true") {
    @Override
    List<String> command(Path recipe) {
      return List.of(
          "envoy", "-c", recipe.toString(), "--disable-hot-restart", "--concurrency", "1");
    }
  };

  private static final Path SHIPPED = Path.of("../deploy/proxies");

  /** The ports that all recipes use. */
  private static final Pattern PORT = Pattern.compile("\\b(3000|8000|8080|8081)\\b");

  private static final Pattern FOLDER = Pattern.compile("/etc/(haproxy|traefik)/");

  private final String recipe;
  private final String closed;
  private final String open;

  Proxy(String recipe, String closed, String open) {
    this.recipe = recipe;
    this.closed = closed;
    this.open = open;
  }

  /** Runs the proxy; its output is written to a file in the recipe's folder. */
  ProxyProcess run(Path folder, Path recipe, URI url) throws IOException {
    return ProxyProcess.start(folder.resolve("output.log"), command(recipe), url);
  }

  List<String> command(Path recipe) throws IOException {
    throw new UnsupportedOperationException();
  }

  /**
   * Starts the proxy in a new folder below the given one, in front of an application.
   *
   * @param open whether requests pass while the limiter is unavailable
   */
  ProxyProcess start(Path parent, int limiterPort, Application application, boolean open)
      throws IOException {
    return start(parent, limiterPort, application, open ? this::opened : UnaryOperator.identity());
  }

  /**
   * Starts the proxy with a changed recipe.
   *
   * @param change of the recipe's text
   */
  ProxyProcess start(
      Path parent, int limiterPort, Application application, UnaryOperator<String> change)
      throws IOException {
    Path folder = Files.createTempDirectory(parent, "proxy");
    int port = Ports.free();
    Map<String, String> ports =
        Map.of(
            "8000", Integer.toString(limiterPort),
            "3000", Integer.toString(application.port()),
            "8080", Integer.toString(port),
            "8081", Integer.toString(Ports.free()));
    for (String file : List.of(recipe, "limit.lua")) {
      String text = Files.readString(SHIPPED.resolve(file));
      Files.writeString(
          folder.resolve(file),
          placed(file.equals(recipe) ? change.apply(text) : text, ports, folder));
    }
    return run(folder, folder.resolve(recipe), URI.create("http://127.0.0.1:" + port));
  }

  /** Changes the recipe to fail open, as its comment describes. */
  private String opened(String text) {
    if (text.split(Pattern.quote(closed), -1).length != 2) {
      throw new AssertionError(recipe + " must have once: " + closed);
    }
    return text.replace(closed, open);
  }

  private static String placed(String text, Map<String, String> ports, Path folder) {
    String moved = PORT.matcher(text).replaceAll(found -> ports.get(found.group(1)));
    return FOLDER.matcher(moved).replaceAll(Matcher.quoteReplacement(folder + "/"));
  }
}
