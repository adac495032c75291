package io.ratelimiter.localstack.run;

import io.ratelimiter.localstack.process.ServerNotStarted;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/** Main class of {@code ./run}: runs the whole product until SIGINT or SIGTERM. */
public final class Main {

  private static final String LOGGING = "logback.configurationFile";

  private Main() {}

  /**
   * Exits with 2 on a wrong command line, with 1 if something does not start.
   *
   * @param args see {@link Arguments#usage}; the system property {@code ratelimiter.home} names the
   *     repository's folder, by default the current one
   */
  public static void main(String... args) throws InterruptedException {
    // Machine-readable output must not depend on the user's language.
    Locale.setDefault(Locale.ENGLISH);
    try {
      Arguments arguments = Arguments.parse(args);
      if (arguments.help()) {
        System.out.print(Arguments.usage());
        return;
      }
      run(arguments);
    } catch (UserError e) {
      System.err.println(e.getMessage());
      if (e.exitCode() == 2) {
        System.err.print("\n" + Arguments.usage());
      }
      System.exit(e.exitCode());
    }
  }

  private static void run(Arguments arguments) throws InterruptedException {
    if (System.getProperty(LOGGING) == null) {
      System.setProperty(LOGGING, "io/ratelimiter/localstack/run/logback.xml");
    }
    Path repository = Path.of(System.getProperty("ratelimiter.home", "")).toAbsolutePath();
    LocalRun run = LocalRun.prepare(repository, arguments, System.getenv(), System.out);
    Runtime.getRuntime().addShutdownHook(new Thread(run::stop, "stop"));
    try {
      run.start();
    } catch (ServerNotStarted e) {
      if (!run.isStopping()) {
        System.err.println(e.getMessage());
        System.exit(1);
      }
    }
    new CountDownLatch(1).await();
  }
}
