package io.ratelimiter.service.full;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of {@code deploy/proxies/README.md} for attributes, in the recipe of nginx. */
@Tag("full")
@LocalStack
class ProxyAttributesIT {

  private static final Path README = Path.of("../deploy/proxies/README.md");
  private static final Pattern EXAMPLE = Pattern.compile("```nginx\n(.*?)```", Pattern.DOTALL);

  /** The directive that the example replaces. */
  private static final Pattern PROXY_PASS = Pattern.compile("proxy_pass http://limiter/[^;]*;");

  @TempDir private Path folder;

  @Test
  void theProxySetsTheAttributesAndItsCallerCannot(RedisServer redis) throws Exception {
    redis.command("flushall");
    String example = example();
    try (ServiceUnderTest limiter =
            new ServiceUnderTest(Map.of("REDIS_PORT", Integer.toString(redis.port())));
        Application application = new Application();
        ProxyProcess nginx =
            Proxy.NGINX.start(
                folder,
                limiter.url().getPort(),
                application,
                recipe -> withExample(recipe, example))) {
      RawAnswer answer =
          nginx.get(
              "/",
              "Authorization: Basic YWxpY2U6c2VjcmV0",
              "X-Attribute-Ip: 203.0.113.9",
              "X-Attribute-Plan: enterprise",
              "X-Attribute-Role: admin",
              "Connection: X-Attribute-Ip");
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      assertThat(limiter.published().decisionsOf("alice"))
          .extracting(made -> made.check().attributes().asMap())
          .singleElement()
          .isEqualTo(Map.of("ip", "127.0.0.1", "plan", "pro"));
    }
  }

  private static String withExample(String recipe, String example) {
    String changed = PROXY_PASS.matcher(recipe).replaceFirst(Matcher.quoteReplacement(example));
    assertThat(changed).isNotEqualTo(recipe);
    return "map $remote_user $plan { default pro; }\n" + changed;
  }

  private static String example() throws IOException {
    Matcher found = EXAMPLE.matcher(Files.readString(README));
    assertThat(found.find()).isTrue();
    return found.group(1);
  }
}
