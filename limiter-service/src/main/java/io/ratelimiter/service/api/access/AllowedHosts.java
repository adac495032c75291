package io.ratelimiter.service.api.access;

import io.ratelimiter.service.api.http.Problem;
import io.ratelimiter.service.api.http.ProblemException;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The host names under which the admin plane may be called: protects it from DNS rebinding by pages
 * of other sites. Loopback names are always allowed.
 */
public final class AllowedHosts {

  private static final String ANY = "*";

  private final Set<String> names;

  /**
   * Allows these names and the loopback names.
   *
   * @param names without port, in any case; {@code *} allows every name
   */
  public AllowedHosts(Collection<String> names) {
    this.names =
        names.stream()
            .map(name -> name.strip().toLowerCase(Locale.ROOT))
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Returns normally if the request is admitted.
   *
   * @param host the Host header, as sent; null without one
   * @throws ProblemException 421 when the name is not allowed
   */
  public void admit(@Nullable String host) {
    String name = host == null ? "" : withoutPort(host).toLowerCase(Locale.ROOT);
    if (!names.contains(ANY) && !loopback(name) && !names.contains(name)) {
      throw new ProblemException(
          Problem.of(421, "the host name is not one of ALLOWED_HOSTS, nor this machine's own"));
    }
  }

  private static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
  }

  private static boolean loopback(String name) {
    return name.equals("localhost") || name.equals("[::1]") || name.matches("127(\\.\\d{1,3}){3}");
  }
}
