package io.ratelimiter.service.api.access;

import io.ratelimiter.service.api.http.RequestHead;
import java.util.List;

/** Decides by the head of a request whether it may be answered. */
public final class Guard {

  private static final List<String> ADMIN = List.of("/v1/admin/", "/v1/console/");
  private static final List<String> READ = List.of("/rules", "/metrics");

  private final AdminToken token;
  private final AllowedHosts hosts;
  private final boolean publicRead;

  /**
   * Creates a guard.
   *
   * @param publicRead whether rules and metrics can be read without the token
   */
  public Guard(AdminToken token, AllowedHosts hosts, boolean publicRead) {
    this.token = token;
    this.hosts = hosts;
    this.publicRead = publicRead;
  }

  /**
   * Admits a request for any path.
   *
   * @param path normalized
   * @throws ProblemException 401, 403, 421 or 429
   */
  public void admit(String path, RequestHead head) {
    if (ADMIN.stream().anyMatch(path::startsWith)) {
      admitAdmin(head);
    } else if (!publicRead && READ.contains(path)) {
      token.admit(head);
    }
  }

  /**
   * Admits a request to the admin plane.
   *
   * @throws ProblemException 401, 403, 421 or 429
   */
  public void admitAdmin(RequestHead head) {
    hosts.admit(head.header("Host"));
    token.admit(head);
  }
}
