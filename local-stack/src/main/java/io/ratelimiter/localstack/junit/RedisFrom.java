package io.ratelimiter.localstack.junit;

import io.ratelimiter.localstack.RedisBinary;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The program that the shared server of a {@code RedisServer} parameter runs. */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface RedisFrom {

  /** The program. */
  RedisBinary value();
}
