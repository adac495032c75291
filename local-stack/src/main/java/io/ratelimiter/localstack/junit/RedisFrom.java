package io.ratelimiter.localstack.junit;

import io.ratelimiter.localstack.RedisBinary;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** On a {@code RedisServer} parameter: which program the shared server runs. */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface RedisFrom {

  /** The program. */
  RedisBinary value();
}
