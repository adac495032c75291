package io.ratelimiter.load.empty;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Spring Boot with its default configuration and virtual threads. */
@SpringBootApplication(proxyBeanMethods = false)
public class EmptyApplication {

  /** Listens on {@code PORT}. */
  public static void main(String... args) {
    SpringApplication.run(EmptyApplication.class, args);
  }
}
