package io.ratelimiter.endtoend;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import io.ratelimiter.service.browser.Axe;
import java.util.regex.Pattern;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** The page while services or servers are away. Killed servers are not restarted. */
@Tag("full")
@Order(PageOrder.SERVERS_AWAY)
@ExtendWith(PageStackExtension.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebPageAwayIT {

  private final PageStack stack;
  private final WebPage web;
  private final Locator banner;

  WebPageAwayIT(PageStack stack) {
    this.stack = stack;
    this.web = stack.web();
    this.banner = web.page().locator(".banner");
  }

  @Test
  @Order(1)
  void theLiveViewReportsALostStreamAndReconnects() {
    web.open("live");
    assertThat(banner).containsText("Decisions of all instances");
    web.page().route("**/v1/console/live*", Route::abort);
    web.field("Client has").fill("unknown");
    web.field("Client has").blur();
    assertThat(banner).containsText("The service does not answer");
    assertThat(banner).hasClass(Pattern.compile("\\bbad\\b"));

    web.page().unroute("**/v1/console/live*");

    assertThat(banner).containsText("Decisions of all instances");
    assertThat(banner).hasClass(Pattern.compile("\\bgood\\b"));
  }

  @Test
  @Order(2)
  void withoutAnAuditorItShowsTheTimeUpToWhichAllIsCounted() {
    web.open("status");
    assertThat(banner).containsText("Everything works");
    assertThat(web.rows("Audit completeness", "limiter-1")).containsText("complete so far");

    stack.product().killServer("stream-auditor");

    assertThat(banner).containsText("The auditor is silent.");
    assertThat(banner).not().containsText("Everything works");
    Locator verdict = web.rows("Audit completeness", "limiter-1").locator(".badge.warn");
    assertThat(verdict).hasText(Pattern.compile("as of .*, auditor silent for \\d+ (s|min)"));
    isFitForAll("auditor-silent");
    web.view("Analytics").click();
    assertThat(web.page().locator(".age .badge.warn")).containsText("auditor silent for");
  }

  @Test
  @Order(3)
  void withoutKafkaItStatesThatCallersAreNotAffected() {
    web.open("status");
    assertThat(banner).containsText("The auditor is silent.");

    stack.product().killServer("kafka");

    stack.callUntil("unheard", () -> banner.textContent().contains("Kafka does not answer."));
    assertThat(banner).containsText("Callers are not affected.");
    assertThat(part("Kafka")).containsText("away");
    assertThat(part("Spool")).containsText("in use");
    assertThat(web.page().locator("#health")).containsText("Degraded");
    web.view("Live").click();
    assertThat(banner).containsText("waiting for Kafka");
  }

  @Test
  @Order(4)
  void withoutPostgresTheRulesStayInForceAndCanBeRead() {
    web.open("status");
    assertThat(banner).containsText("Kafka does not answer.");

    stack.product().killServer("postgres");

    assertThat(banner).containsText("PostgreSQL does not answer.");
    assertThat(banner).containsText("Checks continue with the last valid rules");
    assertThat(part("PostgreSQL")).containsText("away");
    assertThat(web.text("The others can’t be seen while the database is unavailable.")).isVisible();
    assertThat(stack.caller().check("still").allowed()).isTrue();
    isFitForAll("degraded");
    web.view("Analytics").click();
    assertThat(web.text("the database does not answer").first()).isVisible();
    web.view("Rules").click();
    assertThat(web.text("They can’t be changed")).isVisible();
    assertThat(web.rows("Rules", "premium_client").first()).isVisible();
  }

  private Locator part(String title) {
    return web.page()
        .locator(".part")
        .filter(new Locator.FilterOptions().setHas(web.page().locator("h2", exactly(title))));
  }

  private static com.microsoft.playwright.Page.LocatorOptions exactly(String title) {
    return new com.microsoft.playwright.Page.LocatorOptions()
        .setHasText(Pattern.compile("^" + title + "$"));
  }

  private void isFitForAll(String name) {
    Axe axe = new Axe();
    for (Viewport look : Viewport.values()) {
      web.look(look);
      web.browser().screenshot(look.picture(name));
      assertThat(axe.seriousFindings(web.page())).as("%s, %s", name, look).isEmpty();
    }
  }
}
