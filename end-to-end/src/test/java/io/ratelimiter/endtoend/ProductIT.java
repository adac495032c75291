package io.ratelimiter.endtoend;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;

/** The product as started by {@code ./run}. */
class ProductIT extends ProductContract {

  @TempDir private static Path folder;

  private Product product;

  @Override
  Running running() {
    product = Product.in(folder).start();
    return new Running(
        product.port("PORT"),
        product.port("CHECK_PORT"),
        product.port("LOCAL_KAFKA_PORT"),
        product.port("LOCAL_POSTGRES_PORT"));
  }

  @AfterAll
  void stop() {
    product.close();
  }
}
