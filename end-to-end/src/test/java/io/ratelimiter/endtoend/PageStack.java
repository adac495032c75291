package io.ratelimiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.ratelimiter.localstack.process.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** The whole product with its page open in one browser, and what tests of the page wait for. */
final class PageStack implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final Path folder;
  private final Product product;
  private final Caller caller;
  private final WebPage web;

  PageStack() {
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE.toMillis());
    try {
      folder = Files.createTempDirectory("page");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    product = Product.in(folder).start();
    caller = new Caller(product.port("PORT"));
    web = new WebPage(product);
  }

  Product product() {
    return product;
  }

  Caller caller() {
    return caller;
  }

  WebPage web() {
    return web;
  }

  Database database() {
    return new Database(product.port("LOCAL_POSTGRES_PORT"));
  }

  /** Asks until there is nothing left. */
  void exhaust(String client) {
    assertThat(IntStream.range(0, 5_000).anyMatch(_ -> !caller.check(client).allowed())).isTrue();
  }

  /** Asks as this client again and again, until something is seen. */
  void callUntil(String client, Callable<Boolean> seen) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInSameThread()
        .until(() -> {
          caller.check(client);
          return seen.call();
        });
  }

  /** Waits until the audit has a block of a client whose name begins like this. */
  void awaitCounted(String client) {
    Database database = database();
    Awaitility.await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() ->
            database
                    .row(
                        "select count(*) from audit.rate_limit_metrics where blocked_count > 0 and client_id like '"
                            + client
                            + "%'")
                    .getFirst()
                > 0);
  }

  void awaitLimit(String client, int limit) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> caller.check(client).body().get("limit").intValue() == limit);
  }

  /** Nothing went wrong, nothing was forbidden, and nobody else was asked. */
  void isContent() {
    assertThat(web.browser().complaints()).filteredOn(said -> !said.contains("400")).isEmpty();
    assertThat(web.browser().requests())
        .filteredOn(request -> !request.getScheme().matches("data|blob|about"))
        .extracting(URI::getAuthority)
        .containsOnly("localhost:" + product.port("PORT"));
  }

  @Override
  public void close() {
    web.close();
    product.close();
    Folders.delete(folder);
  }
}
