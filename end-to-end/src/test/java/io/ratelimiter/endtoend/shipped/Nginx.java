package io.ratelimiter.endtoend.shipped;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An nginx configuration.
 *
 * @param file its path
 */
record Nginx(String file, String text) {

  private static final Pattern COMMENT = Pattern.compile("(?m)#.*$");
  private static final Pattern LISTEN = Pattern.compile("listen\\s+(?:[\\d.]+:)?(\\d+)");
  private static final Pattern UPSTREAM = Pattern.compile("upstream\\s+(\\w+)\\s*\\{([^}]*)}");
  private static final Pattern SERVER = Pattern.compile("server\\s+([\\w.-]+:\\d+)");
  private static final Pattern LOCATION =
      Pattern.compile("location\\s+(=\\s+)?(/\\S*)\\s*\\{([^}]*)}");
  private static final Pattern PASS =
      Pattern.compile("proxy_pass\\s+http://(\\w+)(/[^?;]*)?[^;]*;");

  /**
   * A location that is proxied.
   *
   * @param path as the service sees it; ends with a slash if it means all paths below
   */
  record Passed(String upstream, String path) {}

  /** An upstream and its servers. */
  record Upstream(String name, List<String> servers) {}

  private String bare() {
    return COMMENT.matcher(text).replaceAll("");
  }

  Set<Integer> listens() {
    return LISTEN
        .matcher(bare())
        .results()
        .map(one -> Integer.valueOf(one.group(1)))
        .collect(Collectors.toSet());
  }

  List<Upstream> upstreams() {
    return UPSTREAM
        .matcher(bare())
        .results()
        .map(one ->
            new Upstream(
                one.group(1),
                SERVER.matcher(one.group(2)).results().map(found -> found.group(1)).toList()))
        .toList();
  }

  List<Passed> passed() {
    List<Passed> all = new ArrayList<>();
    LOCATION
        .matcher(bare())
        .results()
        .forEach(location ->
            PASS.matcher(location.group(3))
                .results()
                .forEach(pass -> all.add(new Passed(pass.group(1), path(location, pass)))));
    return all;
  }

  private static String path(MatchResult location, MatchResult pass) {
    return pass.group(2) == null ? location.group(2) : pass.group(2);
  }
}
