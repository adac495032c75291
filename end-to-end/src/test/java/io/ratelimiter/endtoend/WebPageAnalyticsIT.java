package io.ratelimiter.endtoend;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The views of the audit's tables on the page, and that of one client. */
@Tag("full")
@Order(PageOrder.VIEWS)
@ExtendWith(PageStackExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebPageAnalyticsIT {

  private final PageStack stack;
  private final WebPage web;

  WebPageAnalyticsIT(PageStack stack) {
    this.stack = stack;
    this.web = stack.web();
  }

  @BeforeAll
  void exhaustClient() {
    stack.exhaust("seen");
  }

  @Test
  void countsAreShownAndSavedAsCsv() throws IOException {
    stack.awaitCounted("seen");
    web.open("analytics");
    assertThat(web.rows("Most blocked clients", "seen").first()).isVisible();
    assertThat(web.rows("Decisions by rule", "default").first()).isVisible();
    assertThat(
            web.rows("Rules that never block", "premium_client")
                .or(web.rows("Decisions by rule", "premium_client"))
                .first())
        .isVisible();
    Download saved =
        web.page()
            .waitForDownload(() ->
                web.page()
                    .locator("section")
                    .filter(new Locator.FilterOptions().setHasText("Most blocked clients"))
                    .getByText("Save as CSV")
                    .click());
    assertThat(Files.readString(saved.path()))
        .startsWith("\ufefftenant,client_id,limit_key,")
        .containsPattern("default,seen,global,\\d*,\\d+,");
    stack.assertNoErrors();
  }

  @Test
  void theAnalyticsAreFilteredByTheCallersTenantAndShowChangesOfRules() {
    stack
        .database()
        .execute("update limiter.rate_limit_rules set rate = 499 where name = 'premium_client'");
    stack.awaitCounted("seen");
    web.open("analytics");
    assertThat(web.page().locator(".chart")).hasCount(3);
    assertThat(web.text("Dashed lines are changes of rules")).containsText("(premium_client)");
    web.rows("Tenants of the callers", "default").getByRole(AriaRole.BUTTON).click();
    assertThat(web.field("Callers of tenant")).hasValue("default");
    assertThat(web.page()).hasURL(Pattern.compile("&tenant=default$"));
    assertThat(web.rows("Most blocked clients", "seen").first()).isVisible();
    web.open("analytics?tenant=without-decisions");
    assertThat(web.field("Callers of tenant")).hasValue("without-decisions");
    assertThat(web.text("No client was blocked in this span")).isVisible();
    assertThat(web.text("No decisions in this span")).isVisible();
    stack.assertNoErrors();
  }

  @Test
  void aClientHasItsOwnPageAndCanBeReset() {
    stack.exhaust("spent");
    stack.awaitCounted("spent");
    web.open("client?client_id=spent");
    assertThat(web.rows("Limits of this client", "default")).not().containsText("100 of 100");
    assertThat(web.rows("By minute, newest first", "default").first()).isVisible();
    web.button("Reset …").click();
    web.button("Reset").click();
    assertThat(web.rows("Limits of this client", "default")).containsText("100 of 100");
    stack.assertNoErrors();
  }
}
