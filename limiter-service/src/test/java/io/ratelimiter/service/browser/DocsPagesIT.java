package io.ratelimiter.service.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The two reference pages of the API in a browser, under their content security policy. */
@Tag("full")
@LocalStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocsPagesIT {

  private ServiceUnderTest service;

  @BeforeAll
  void start(RedisServer redis) {
    service = new ServiceUnderTest(Map.of("REDIS_PORT", Integer.toString(redis.port())));
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @Test
  void swaggerUiShowsTheDocumentAndLoadsNothingFromOtherHosts() {
    try (Browser browser = new Browser()) {
      browser.page().navigate(service.url() + "/docs");
      browser.page().getByText("/v1/check/batch").first().waitFor();
      assertThat(browser.page().title()).isEqualTo("Distributed rate limiter: API");
      assertThat(browser.page().locator(".opblock").count()).isGreaterThanOrEqualTo(20);
      assertNoErrorsAndNoOtherHosts(browser);
    }
  }

  @Test
  void swaggerUiSendsACheck() {
    try (Browser browser = new Browser()) {
      browser.page().navigate(service.url() + "/docs");
      var check =
          browser
              .page()
              .locator(".opblock")
              .filter(new com.microsoft.playwright.Locator.FilterOptions().setHasText("/v1/check"))
              .first();
      check.locator(".opblock-summary").click();
      check.getByText("Try it out").click();
      check.getByText("Execute").click();
      check.getByText("decision_id").first().waitFor();
      assertNoErrorsAndNoOtherHosts(browser);
    }
  }

  @Test
  void redocShowsTheDocumentAndLoadsNothingFromOtherHosts() {
    try (Browser browser = new Browser()) {
      browser.page().navigate(service.url() + "/redoc");
      browser.page().getByText("/v1/check/batch").first().waitFor();
      assertThat(browser.page().title()).isEqualTo("Distributed rate limiter: reference");
      assertNoErrorsAndNoOtherHosts(browser);
    }
  }

  private void assertNoErrorsAndNoOtherHosts(Browser browser) {
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.requests())
        .filteredOn(request -> !request.getScheme().matches("data|blob"))
        .extracting(URI::getAuthority)
        .containsOnly(service.url().getAuthority());
  }
}
