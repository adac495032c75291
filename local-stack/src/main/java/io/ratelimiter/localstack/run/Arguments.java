package io.ratelimiter.localstack.run;

/**
 * The command line of {@code ./run}.
 *
 * @param fresh whether data of earlier runs is dropped first
 * @param nodes how many limiters run, 1 or 2
 * @param help whether only the usage is wanted
 */
public record Arguments(boolean fresh, int nodes, boolean help) {

  /** What {@code --help} prints. */
  public static final String USAGE =
      """
      Usage: ./run [--fresh] [--nodes 1|2]

      Builds what is stale, then runs Redis, PostgreSQL, Kafka, limiter-service and stream-auditor on
      this machine, without Docker, until Ctrl-C. Data and logs are kept in .local/.

        --fresh      drop the data of earlier runs first
        --nodes 2    two limiters: the second on PORT+2 and CHECK_PORT+2
        --help       this text

      Ports, by environment variable: PORT 8000, CHECK_PORT 8001 (0: off), AUDITOR_PORT 8010,
      LOCAL_REDIS_PORT 16379, LOCAL_POSTGRES_PORT 15432, LOCAL_KAFKA_PORT 19092.
      ADMIN_TOKEN is used as it is, else one is made. REDIS_SERVER names the redis-server to use.
      Every other variable reaches the services as it is.
      """;

  /**
   * Reads the command line.
   *
   * @throws UserError if it is not one that {@link #USAGE} describes
   */
  public static Arguments parse(String... line) {
    boolean fresh = false;
    boolean help = false;
    int nodes = 1;
    for (int i = 0; i < line.length; i++) {
      switch (line[i]) {
        case "--fresh" -> fresh = true;
        case "--help", "-h" -> help = true;
        case "--nodes" -> nodes = nodes(++i < line.length ? line[i] : "");
        default -> throw UserError.usage("unknown option " + line[i]);
      }
    }
    return new Arguments(fresh, nodes, help);
  }

  private static int nodes(String value) {
    return switch (value) {
      case "1" -> 1;
      case "2" -> 2;
      case "" -> throw UserError.usage("--nodes needs a number, 1 or 2");
      default -> throw UserError.usage("--nodes " + value + ": only 1 or 2 are possible");
    };
  }
}
