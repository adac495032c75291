package io.ratelimiter.localstack.run;

import io.ratelimiter.localstack.Ports;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/**
 * The ports of one run.
 *
 * @param check port that serves only checks; 0 for none
 */
record LocalPorts(int api, int check, int auditor, int redis, int postgres, int kafka) {

  private static final int BETWEEN_NODES = 2;
  private static final int HIGHEST = 65_535;

  /** {@link Integer#parseInt} would also accept a sign and non-ASCII digits. */
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,5}");

  private record Named(String variable, int port) {}

  /**
   * Reads the port variables.
   *
   * @throws UserError if a value is not a port, with the variable's name
   */
  static LocalPorts from(Map<String, String> environment) {
    return new LocalPorts(
        port(environment, "PORT", 8000),
        port(environment, "CHECK_PORT", 0),
        port(environment, "AUDITOR_PORT", 8010),
        port(environment, "LOCAL_REDIS_PORT", 16_379),
        port(environment, "LOCAL_POSTGRES_PORT", 15_432),
        port(environment, "LOCAL_KAFKA_PORT", 19_092));
  }

  private static int port(Map<String, String> environment, String variable, int defaultPort) {
    String value = environment.getOrDefault(variable, "");
    if (value.isEmpty()) {
      return defaultPort;
    }
    int lowest = variable.equals("CHECK_PORT") ? 0 : 1;
    int port = NUMBER.matcher(value).matches() ? Integer.parseInt(value) : -1;
    if (port >= lowest && port <= HIGHEST) {
      return port;
    }
    throw UserError.notPossible(
        "%s=%s: a port is a number from %d to %d".formatted(variable, value, lowest, HIGHEST));
  }

  /** The API port of limiter 1 or 2. */
  int api(int node) {
    return api + BETWEEN_NODES * (node - 1);
  }

  /** The port of limiter 1 or 2 that serves only checks; 0 for none. */
  int check(int node) {
    return check == 0 ? 0 : check + BETWEEN_NODES * (node - 1);
  }

  /**
   * Checks that every port is free.
   *
   * @throws UserError with each port that is not, and its variable
   */
  void requireFree(int nodes) {
    requireFree(nodes, Ports::isFree);
  }

  void requireFree(int nodes, IntPredicate isFree) {
    List<String> faults = new ArrayList<>();
    Map<Integer, String> mine = new HashMap<>();
    for (Named named : all(nodes)) {
      String other = mine.putIfAbsent(named.port(), named.variable());
      if (other != null) {
        faults.add("port %d is both %s and %s".formatted(named.port(), other, named.variable()));
      } else if (named.port() > HIGHEST) {
        faults.add("%s is %d, beyond %d".formatted(named.variable(), named.port(), HIGHEST));
      } else if (!isFree.test(named.port())) {
        faults.add("port %d (%s) is taken".formatted(named.port(), named.variable()));
      }
    }
    if (!faults.isEmpty()) {
      throw UserError.notPossible(
          String.join("\n", faults)
              + "\nSet the variable to a free port, or end what listens there.");
    }
  }

  private List<Named> all(int nodes) {
    List<Named> all = new ArrayList<>();
    for (int node = 1; node <= nodes; node++) {
      String more = node == 1 ? "" : "+" + BETWEEN_NODES * (node - 1);
      all.add(new Named("PORT" + more, api(node)));
      if (check != 0) {
        all.add(new Named("CHECK_PORT" + more, check(node)));
      }
    }
    all.add(new Named("AUDITOR_PORT", auditor));
    all.add(new Named("LOCAL_REDIS_PORT", redis));
    all.add(new Named("LOCAL_POSTGRES_PORT", postgres));
    all.add(new Named("LOCAL_KAFKA_PORT", kafka));
    return all;
  }
}
