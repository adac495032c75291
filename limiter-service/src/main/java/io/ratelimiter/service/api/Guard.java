package io.ratelimiter.service.api;

import java.util.List;

/** Decides by a request's head alone whether it may be answered. */
public final class Guard {

  private static final List<String> ADMIN = List.of("/v1/admin/", "/v1/console/");
  private static final List<String> READ = List.of("/rules", "/metrics");

  private final AdminToken token;
  private final AllowedHosts hosts;
  private final boolean publicRead;

  /**
   * The guard.
   *
   * @param hosts names under which the admin plane may be called
   * @param publicRead whether rules and metrics can be read without the token
   */
  public Guard(AdminToken token, AllowedHosts hosts, boolean publicRead) {
    this.token = token;
    this.hosts = hosts;
    this.publicRead = publicRead;
  }

  /**
   * Admits a request.
   *
   * @param path normalized
   * @throws ProblemException 401, 403, 413, 421 or 429
   */
  public void admit(String path, RequestHead head, int maxBodyBytes) {
    if (ADMIN.stream().anyMatch(path::startsWith)) {
      admitAdmin(head);
    } else if (!publicRead && READ.contains(path)) {
      token.admit(head);
    }
    Heads.admitLength(head, maxBodyBytes);
  }

  /**
   * Admits a request to the admin plane.
   *
   * @throws ProblemException 401, 403, 421 or 429
   */
  void admitAdmin(RequestHead head) {
    hosts.admit(head.header("Host"));
    token.admit(head);
  }
}
