package io.ratelimiter.localstack.run;

import java.util.List;

/** How the JVMs of the services are started. */
public final class JvmOptions {

  /** Of each service. What {@code JAVA_TOOL_OPTIONS} says comes before, so these win. */
  public static final List<String> SERVICES = List.of();

  private JvmOptions() {}
}
