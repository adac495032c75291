package io.ratelimiter.service.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The page while Redis is killed and restarted. */
@Tag("full")
@LocalStack
class RedisAwayPageIT {

  private static final LocatorAssertions.ContainsTextOptions SOON =
      new LocatorAssertions.ContainsTextOptions().setTimeout(30_000);

  @Test
  void thePageShowsWhatIsDegradedAndItsEffect(RedisServer redis) {
    try (ServiceUnderTest service =
            new ServiceUnderTest(
                Map.of("REDIS_PORT", Integer.toString(redis.port()), "REDIS_TIMEOUT_MS", "500"));
        Browser browser = new Browser()) {
      Page page = browser.page();
      page.navigate(service.url() + "/#token=" + ServiceUnderTest.ADMIN_TOKEN + "&to=/status");
      assertThat(page.locator(".part.good").first()).containsText("answers", SOON);

      redis.kill();

      assertThat(page.locator(".banner")).containsText("Redis does not answer.", SOON);
      assertThat(page.locator(".banner")).containsText("No client is limited meanwhile.");
      assertThat(page.locator("#health")).containsText("Degraded", SOON);
      page.locator("nav").getByText("Try it").click();
      page.getByText("Send one check").click();
      assertThat(page.locator("tbody").first()).containsText("allowed, degraded", SOON);
      page.getByLabel("Client", new Page.GetByLabelOptions().setExact(true)).fill("strict");
      page.getByText("Send one check").click();
      assertThat(page.locator("tbody").first()).containsText("failed closed", SOON);

      redis.start();

      page.getByLabel("Client", new Page.GetByLabelOptions().setExact(true)).fill("api_client");
      assertThat(page.locator(".buckets")).containsText("unused", SOON);
      page.locator("nav").getByText("Status").click();
      assertThat(page.locator(".part").first()).containsText("answers", SOON);
      assertThat(page.locator(".part").nth(1)).containsText("closed", SOON);
    }
  }
}
