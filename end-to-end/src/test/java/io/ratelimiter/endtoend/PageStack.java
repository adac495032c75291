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

/** The whole product with its page open in a browser, and waits for tests of the page. */
final class PageStack implements AutoCloseable {

  private static final Duration MAX_WAIT = Duration.ofSeconds(40);

  private final Path folder;
  private final Product product;
  private final Caller caller;
  private final WebPage web;

  PageStack() {
    PlaywrightAssertions.setDefaultAssertionTimeout(MAX_WAIT.toMillis());
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

  /** Sends checks until one is blocked. */
  void exhaust(String client) {
    assertThat(IntStream.range(0, 5_000).anyMatch(_ -> !caller.check(client).allowed())).isTrue();
  }

  /** Sends checks of this client until the condition is true. */
  void callUntil(String client, Callable<Boolean> seen) {
    Awaitility.await()
        .atMost(MAX_WAIT)
        .pollInSameThread()
        .until(() -> {
          caller.check(client);
          return seen.call();
        });
  }

  /** Waits until the audit has counted a block of a client with this prefix. */
  void awaitCounted(String client) {
    Database database = database();
    Awaitility.await()
        .atMost(MAX_WAIT)
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

  /** Asserts no errors except answers with 400, and requests to the product alone. */
  void assertNoErrors() {
    assertThat(web.browser().complaints()).filteredOn(error -> !error.contains("400")).isEmpty();
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
