package io.ratelimiter.endtoend;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The views that try checks, show live decisions and the status, in Chromium, against the whole
 * product.
 */
@Tag("full")
@Order(PageOrder.VIEWS)
@ExtendWith(PageStackExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebPageIT {

  private static final String HOSTILE =
      "<img src=x onerror=\"window.broken=1\"><script>broken=1</script>";

  private final PageStack stack;
  private final WebPage web;

  WebPageIT(PageStack stack) {
    this.stack = stack;
    this.web = stack.web();
  }

  @Test
  void aBurstDrainsTheBucketAndEveryAnswerIsShown() {
    web.openWithoutToken("try");
    web.text("20 per 60 s").first().waitFor();
    web.field("Client").fill("burst-client");
    web.field("Checks").fill("200");
    web.field("per second").fill("100");
    assertThat(web.page().getByLabel("The same call as curl"))
        .containsText("\"client_id\":\"burst-client\"");
    web.button("Send the burst").click();
    assertThat(web.rows("Answers, newest first", "blocked").first()).isVisible();
    assertThat(web.text("HTTP 200")).isVisible();
    assertThat(web.page().locator("dl.headers")).containsText("retry-after");
    assertThat(web.page().locator("pre.json")).containsText("\"reason\": \"limit_exceeded\"");
    assertThat(web.page().getByRole(AriaRole.METER))
        .hasAttribute("aria-valuenow", Pattern.compile("\\d{1,2}"));
    stack.assertNoErrors();
  }

  @Test
  void aStoppedBurstDoesNotChangeTheButtonOfTheNext() {
    web.openWithoutToken("try");
    web.field("Client").fill("stopped-client");
    web.field("Checks").fill("1000");
    web.field("per second").fill("2");
    web.button("Send the burst").click();
    web.button("Stop").click();
    web.button("Send the burst").click();
    assertThat(web.page().locator("#announce")).containsText("Burst done");
    assertThat(web.button("Stop")).isVisible();
    web.button("Stop").click();
    assertThat(web.button("Send the burst")).isVisible();
  }

  @Test
  void anInvalidFieldOfACheckIsMarked() {
    web.openWithoutToken("try");
    web.field("Client").fill("*");
    web.button("Send one check").click();
    assertThat(web.field("Client")).hasAttribute("aria-invalid", "true");
    assertThat(web.page().locator(".field-error").first()).containsText("client_id");
  }

  @Test
  void aCheckHasThePriorityAndTheWaitOfTheForm() {
    web.openWithoutToken("try");
    web.field("Client").fill("low-client");
    web.field("Priority").selectOption("low");
    web.button("Send one check").click();
    assertThat(web.page().locator("pre.json")).containsText("\"priority\": \"low\"");
    web.field("Max wait, ms").fill("2000");
    assertThat(web.page().getByLabel("The same call as curl"))
        .containsText("\"priority\":\"low\",\"max_wait_ms\":2000,\"hold\":true");
    web.button("Send one check").click();
    assertThat(web.page().locator("pre.json")).containsText("\"wait_ms\": 0");
    stack.assertNoErrors();
  }

  @Test
  void onlyTheFixedWindowAllowsTwiceItsLimit() {
    web.openWithoutToken("try");
    assertThat(web.text("max 20 in a window")).hasCount(1);
    assertThat(web.text("max 10 in a window")).hasCount(3);
    assertThat(web.page().locator(".panel").nth(1)).containsText("max 20 in a window");
    web.button("Evenly at the limit").click();
    assertThat(web.page().locator(".panel").nth(1)).containsText("max 10 in a window");
    stack.assertNoErrors();
  }

  @Test
  void decisionsAppearLiveAndCanBeFilteredAndPaused() {
    web.open("live");
    web.text("Decisions of all instances").waitFor();
    stack.callUntil("live-one", () -> web.rows("Decisions, newest first", "live-one").count() > 0);
    stack.callUntil("live-one", () -> web.rows("By rule, the last minute", "default").count() > 0);
    web.field("Client has").fill("live-two");
    web.field("Client has").blur();
    stack.callUntil("live-two", () -> web.rows("Decisions, newest first", "live-two").count() > 0);
    stack.caller().check("live-one");
    stack.callUntil("live-two", () -> web.rows("Decisions, newest first", "live-two").count() > 3);
    assertThat(web.rows("Decisions, newest first", "live-one").count()).isZero();
    web.field("Client has").fill("");
    web.field("Blocked only").check();
    stack.callUntil("api_client", () -> web.rows("Decisions, newest first", "blocked").count() > 3);
    assertThat(web.rows("Decisions, newest first", "allowed").count()).isZero();
    web.button("Pause").click();
    assertThat(web.button("Resume")).hasAttribute("aria-pressed", "true");
    stack.assertNoErrors();
  }

  @Test
  void theStatusShowsEachPartAndEachInstance() {
    web.open("status");
    assertThat(web.page().locator(".banner")).containsText("Everything works");
    for (String part :
        List.of("Redis", "Circuit breaker", "Kafka", "Spool", "PostgreSQL", "Rules")) {
      assertThat(web.page().locator(".part h2", new Page.LocatorOptions().setHasText(part)).first())
          .isVisible();
    }
    assertThat(web.rows("Instances", "limiter-1")).containsText("up to date");
    assertThat(web.rows("Audit completeness", "limiter-1")).containsText("complete so far");
    stack.assertNoErrors();
  }

  @Test
  void markupInAClientIdIsShownAsText() {
    web.open("live");
    web.text("Decisions of all instances").waitFor();
    stack.callUntil(HOSTILE, () -> web.rows("Decisions, newest first", HOSTILE).count() > 0);
    isUnbroken();
    stack.exhaust(HOSTILE);
    stack.awaitCounted("<img");
    web.open("analytics");
    assertThat(web.rows("Most blocked clients", HOSTILE).first()).isVisible();
    isUnbroken();
    web.rows("Most blocked clients", HOSTILE).first().locator("a").click();
    assertThat(web.page().locator("h1")).hasText(HOSTILE);
    isUnbroken();
    web.open("rules/new");
    web.field("Client").fill(HOSTILE);
    web.field("Name").fill("hostile");
    web.button("Create").click();
    web.page().locator(".history .badge").first().waitFor();
    isUnbroken();
    web.open("rules");
    web.field("Search").fill("onerror");
    assertThat(web.rows("Rules", HOSTILE)).hasCount(1);
    isUnbroken();
    web.openWithoutToken("try");
    web.field("Client").fill(HOSTILE);
    web.button("Send one check").click();
    assertThat(web.rows("Answers, newest first", HOSTILE)).hasCount(1);
    isUnbroken();
    stack.assertNoErrors();
  }

  private void isUnbroken() {
    assertThat(web.page().evaluate("window.broken === undefined")).isEqualTo(true);
    assertThat(web.page().locator("main img, main script").count()).isZero();
  }
}
