package io.ratelimiter.endtoend;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The rules on the page: the form, the list, the history. */
@Tag("full")
@Order(PageOrder.VIEWS)
@ExtendWith(PageStackExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebPageRulesIT {

  private final PageStack stack;
  private final WebPage web;

  WebPageRulesIT(PageStack stack) {
    this.stack = stack;
    this.web = stack.web();
  }

  @Test
  void aRuleIsCreatedChangedRestoredAndSetToShadow() {
    web.open("rules/new");
    web.field("Client").fill("steered");
    web.field("Rate, units").fill("-1");
    web.button("Create").click();
    assertThat(web.field("Rate, units")).hasAttribute("aria-invalid", "true");
    assertThat(web.text("rate must be 0 to 1000000000, not -1")).isVisible();
    web.field("Rate, units").fill("3");
    web.button("Create").click();
    web.page().locator(".history .badge").first().waitFor();
    stack.awaitLimit("steered", 3);

    web.field("Rate, units").fill("5");
    web.button("Save").click();
    web.text("Saved. Every instance").waitFor();
    assertThat(web.page().locator(".history .was").first()).hasText("3");
    assertThat(web.page().locator(".history .is").first()).hasText("5");
    stack.awaitLimit("steered", 5);
    web.button("Restore this").click();
    web.text("Restored to revision").waitFor();
    stack.awaitLimit("steered", 3);

    web.open("rules");
    web.field("Search").fill("steered");
    assertThat(web.table("Rules").locator("tbody tr")).hasCount(1);
    web.page().getByLabel("Enforce steered").click();
    assertThat(web.page().getByLabel("Enforce steered")).hasAttribute("aria-checked", "false");
    stack.awaitLimit("steered", 100);
    stack.assertNoErrors();
  }

  @Test
  void aRuleThatExemptsNeedsNoNumbers() {
    web.open("rules/new");
    web.field("Client").fill("exempted");
    web.field("Mode").selectOption("exempt");
    assertThat(web.field("Rate, units")).isDisabled();
    assertThat(web.text("exempted may use any key without a limit")).isVisible();
    web.button("Create").click();
    web.page().locator(".history .badge").first().waitFor();
    assertThat(web.field("Mode")).hasValue("exempt");

    web.open("rules");
    web.field("Search").fill("exempted");
    assertThat(web.table("Rules").locator("tbody tr")).containsText("no limit");
    assertThat(web.page().getByLabel("Enforce exempted")).hasCount(0);
    stack.assertNoErrors();
  }

  @Test
  void aConcurrentChangeOfARuleIsNotOverwritten() {
    web.open("rules/new");
    web.field("Client").fill("contended");
    web.button("Create").click();
    web.page().locator(".history .badge").first().waitFor();
    stack
        .database()
        .execute("update limiter.rate_limit_rules set rate = 77 where name = 'contended'");
    web.field("Rate, units").fill("78");
    web.button("Save").click();
    web.text("This rule was changed meanwhile").waitFor();
    web.button("Load the current rule").click();
    assertThat(web.field("Rate, units")).hasValue("77");
    // The browser logs the expected 412.
    web.browser().complaints().clear();
  }
}
