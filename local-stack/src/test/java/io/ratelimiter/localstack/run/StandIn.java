package io.ratelimiter.localstack.run;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A program in place of limiter-service and stream-auditor. It answers every path with 200 and its
 * environment, and takes 300 ms to stop, as a service that flushes.
 */
public final class StandIn {

  private StandIn() {}

  public static void main(String... args) throws Exception {
    boolean auditor =
        StandIn.class
            .getProtectionDomain()
            .getCodeSource()
            .getLocation()
            .getPath()
            .contains("stream-auditor");
    if (!auditor && System.getenv("STAND_IN_FAILS") != null) {
      System.out.println("a value that cannot be read");
      System.exit(1);
    }
    int port = Integer.parseInt(System.getenv(auditor ? "AUDITOR_PORT" : "PORT"));
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
    byte[] environment = String.valueOf(System.getenv()).getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, environment.length);
          exchange.getResponseBody().write(environment);
          exchange.close();
        });
    server.start();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
              System.out.println("handed over at " + LocalDateTime.now());
            }));
  }
}
