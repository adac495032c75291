package io.ratelimiter.endtoend;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import io.ratelimiter.service.browser.Axe;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Priorities, waiting and overdraft of a rule on the page. */
@Tag("full")
@Order(PageOrder.ATTRIBUTES)
@ExtendWith(PageStackExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebPageSpendingIT {

  private static final String SHORT =
      "reserve: normal 20 %, low 50 % · max wait 1.5 s · overdraft 40";

  private final PageStack stack;
  private final WebPage web;

  WebPageSpendingIT(PageStack stack) {
    this.stack = stack;
    this.web = stack.web();
  }

  @Test
  void aRuleShowsHowItsCapacityIsSpentAndTheSwitchOfTheListKeepsIt() {
    openNew("spender");
    fill("0.2", "0.5", "1500", "40");
    assertThat(web.page().locator(".rule-form > .means"))
        .hasText(
            "spender may use 100 per 60 s of each key."
                + " Of its capacity of 100, 20 are kept from normal and 50 from low priority."
                + " A check may wait up to 1.5 s for its units, where the token bucket is inherited."
                + " A settlement may exceed the capacity by up to 40.");
    assertThat(new Axe().seriousFindings(web.page())).isEmpty();
    create();
    assertFilled("0.2", "0.5", "1500", "40");
    assertThat(past("normal 20 %, low 50 %")).hasCount(1);

    web.open("rules");
    web.field("Search").fill("spender");
    assertThat(web.rows("Rules", "spender")).containsText(SHORT);
    web.page().getByLabel("Enforce spender").click();
    assertThat(web.page().getByLabel("Enforce spender")).hasAttribute("aria-checked", "false");
    assertThat(web.rows("Rules", "spender")).containsText(SHORT);
    web.rows("Rules", "spender").locator("a").click();
    web.page().locator(".history .badge").first().waitFor();
    assertFilled("0.2", "0.5", "1500", "40");

    fill("", "", "", "");
    web.button("Save").click();
    web.text("Saved. Every instance").waitFor();
    assertThat(details()).not().hasAttribute("open", "");
    assertThat(past("–")).hasCount(3);
    web.button("Restore this").first().click();
    web.text("Restored to revision").waitFor();
    assertFilled("0.2", "0.5", "1500", "40");
    stack.assertNoErrors();
  }

  @Test
  void aRuleWithoutThemShowsAClosedPartAndNothingInTheHistory() {
    web.open("rules/new");
    web.field("Client").fill("plain");
    assertThat(details()).not().hasAttribute("open", "");
    assertThat(web.field("Overdraft, units")).isHidden();
    create();
    assertThat(details()).not().hasAttribute("open", "");
    Locator fields = web.page().locator(".history .diff tbody th");
    assertThat(fields.allTextContents())
        .contains("rate")
        .doesNotContain("reserve", "max_wait_ms", "overdraft");
    stack.assertNoErrors();
  }

  @Test
  void anAbsentShareOfLowIsThatOfNormal() {
    openNew("same");
    fill("0.25", "", "", "");
    assertThat(web.text("25 are kept from normal and 25 from low priority.")).isVisible();
    fill("", "0.333", "", "");
    assertThat(web.text("Of its capacity of 100, 33 are kept from low priority.")).isVisible();
    fill("0.25", "", "", "");
    create();
    assertFilled("0.25", "0.25", "", "");
    stack.assertNoErrors();
  }

  @Test
  void fieldsThatTheRuleCannotHaveAreDisabledAndNotSent() {
    openNew("window");
    fill("0.2", "0.5", "1500", "40");
    web.field("Algorithm").selectOption("fixed_window");
    assertThat(web.field("Max wait, ms")).isDisabled();
    assertThat(web.field("Overdraft, units")).isEnabled();
    assertThat(web.text("A check may wait")).hasCount(0);
    create();
    assertFilled("0.2", "0.5", "", "40");

    web.field("Rate, units").fill("0");
    assertThat(web.field("Kept from low priority")).isDisabled();
    assertThat(web.field("Overdraft, units")).isDisabled();
    web.button("Save").click();
    web.text("Saved. Every instance").waitFor();
    assertThat(details()).not().hasAttribute("open", "");

    web.field("Rate, units").fill("50");
    web.field("Mode").selectOption("exempt");
    details().locator("summary").click();
    assertThat(web.field("Kept from normal priority")).isDisabled();
    stack.assertNoErrors();
  }

  @ParameterizedTest
  @CsvSource({
    "0.5, 0.2, '', '', Kept from normal priority, reserve must have 0 ≤ normal ≤ low ≤ 0.95",
    "1, '', '', '', Kept from normal priority, reserve.normal must be a number from 0 to 0.95",
    "'', 0.12345, '', '', Kept from low priority, reserve.low must be a number from 0 to 0.95",
    "'', '', 30001, '', 'Max wait, ms', 'max_wait_ms must be 0 to 30000, not 30001'",
    "'', '', 1.5, '', 'Max wait, ms', 'max_wait_ms must be a whole number, not 1.5'",
    "'', '', '', 1001, 'Overdraft, units', 'overdraft must be 0 to 10 times the capacity, 1000'",
    "'', '', '', -1, 'Overdraft, units', 'overdraft must be 0 to 10 times the capacity, 1000'"
  })
  void aFaultOpensThePartAndIsShownAtItsField(
      String normal, String low, String wait, String overdraft, String field, String fault) {
    openNew("faulty");
    fill(normal, low, wait, overdraft);
    details().locator("summary").click();
    assertThat(web.field(field)).isHidden();
    web.button("Create").click();
    assertThat(details().getByText(fault)).isVisible();
    assertThat(web.field(field)).hasAttribute("aria-invalid", "true");
    assertThat(web.field(field)).isFocused();
    assertThat(web.page().locator(".rule-form > .field-error")).isEmpty();
    assertThat(new Axe().seriousFindings(web.page())).isEmpty();
    stack.assertNoErrors();
  }

  private void openNew(String client) {
    web.open("rules/new");
    web.field("Client").fill(client);
    details().locator("summary").click();
  }

  private Locator details() {
    return web.page().locator("details.spending");
  }

  private Locator past(String after) {
    return web.page()
        .locator(".history > li")
        .first()
        .locator(".is", new Locator.LocatorOptions().setHasText(after));
  }

  private void fill(String normal, String low, String wait, String overdraft) {
    web.field("Kept from normal priority").fill(normal);
    web.field("Kept from low priority").fill(low);
    web.field("Max wait, ms").fill(wait);
    web.field("Overdraft, units").fill(overdraft);
  }

  private void assertFilled(String normal, String low, String wait, String overdraft) {
    assertThat(web.field("Kept from normal priority")).hasValue(normal);
    assertThat(web.field("Kept from low priority")).hasValue(low);
    assertThat(web.field("Max wait, ms")).hasValue(wait);
    assertThat(web.field("Overdraft, units")).hasValue(overdraft);
    assertThat(web.field("Overdraft, units")).isVisible();
  }

  private void create() {
    web.button("Create").click();
    web.page().locator(".history .badge").first().waitFor();
  }
}
