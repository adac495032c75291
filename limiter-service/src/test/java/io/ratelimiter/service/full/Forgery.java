package io.ratelimiter.service.full;

import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A request that claims to come from another caller, or to be for another path.
 *
 * @param statuses accepted statuses: 429, or 400 and similar ones if the request is ambiguous
 */
record Forgery(
    String method, String target, String body, List<Integer> statuses, String... headers) {

  /** Headers by which a caller claims another identity, path, method or cost. */
  static final String[] HEADERS = {
    "X-Client-ID: another",
    "X-API-Key: another",
    "X-Real-IP: 203.0.113.9",
    "X-Forwarded-For: 203.0.113.9",
    "Forwarded: for=203.0.113.9",
    "True-Client-IP: 203.0.113.9",
    "X-Forwarded-Uri: /free",
    "X-Original-URI: /free",
    "X-Original-URL: /free",
    "X-Rewrite-URL: /free",
    "X-Envoy-Original-Path: /free",
    "X-Forwarded-Prefix: /free",
    "X-Forwarded-Method: OPTIONS",
    "X-HTTP-Method-Override: OPTIONS",
    "X-Limit-Key: free",
    "X-Tenant: acme",
    "X-Cost: 0"
  };

  private static final List<Integer> BLOCKED = List.of(429);
  private static final List<Integer> BLOCKED_OR_REFUSED = List.of(429, 400, 414, 431, 0);

  static List<Forgery> all(String path) {
    List<Forgery> all = new ArrayList<>();
    targets(path).forEach(target -> all.add(new Forgery("GET", target, "", BLOCKED)));
    for (String header : HEADERS) {
      all.add(new Forgery("GET", path, "", BLOCKED, header));
    }
    all.add(new Forgery("GET", path, "", BLOCKED, HEADERS));
    all.add(new Forgery("POST", path, "an order", BLOCKED));
    all.add(new Forgery("OPTIONS", path, "", BLOCKED));
    // Declares headers hop-by-hop: the proxy must still send its own ones to the limiter.
    all.add(
        new Forgery(
            "GET",
            path,
            "",
            BLOCKED_OR_REFUSED,
            "Connection: X-Real-IP, X-Forwarded-Uri, X-Original-URI, X-Forwarded-For"));
    for (int kilobytes : new int[] {3, 7, 8, 15, 40, 300}) {
      all.add(new Forgery("GET", path + "?" + padding(kilobytes), "", BLOCKED_OR_REFUSED));
      all.add(new Forgery("GET", path, "", BLOCKED_OR_REFUSED, longHeaders(kilobytes)));
      String credentials = "Authorization: Bearer " + padding(kilobytes);
      all.add(new Forgery("GET", path, "", BLOCKED_OR_REFUSED, credentials));
    }
    return all;
  }

  private static Stream<String> targets(String path) {
    String name = path.substring(1);
    return Stream.of(
        path,
        path + "?tenant=acme&key=free&client_header=X-Client-ID&cost_header=X-Cost",
        path + "/",
        "/" + path,
        path + ";x",
        "/./" + name,
        "/%2e/" + name,
        "/x/.." + path,
        "/x/%2e%2e" + path,
        "/x/..;" + path,
        "/%6F" + name.substring(1),
        "http://app" + path);
  }

  private static String padding(int kilobytes) {
    return "a".repeat(kilobytes * 1_024);
  }

  private static String[] longHeaders(int kilobytes) {
    return Stream.generate(() -> "X-Long: " + padding(1)).limit(kilobytes).toArray(String[]::new);
  }

  /** Sends the request; the answer is {@code CUT_OFF} if the connection was closed meanwhile. */
  RawAnswer send(URI proxy) throws IOException {
    try {
      return ProxyProcess.send(proxy, method, target, body, headers);
    } catch (SocketException _) {
      return RawAnswer.CUT_OFF;
    }
  }

  @Override
  public String toString() {
    String shown = method + " " + target + " " + String.join(", ", headers);
    return shown.substring(0, Math.min(shown.length(), 200));
  }
}
