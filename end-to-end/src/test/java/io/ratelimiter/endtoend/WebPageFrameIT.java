package io.ratelimiter.endtoend;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The frame of the page: token, address, and cleanup after a view. */
@Tag("full")
@Order(PageOrder.FRAME)
@ExtendWith(PageStackExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebPageFrameIT {

  /** Counts size observers, which every chart has. */
  private static final String COUNT_WATCHERS =
      """
      () => {
        const watching = window.watching = new Set();
        const {observe, disconnect} = ResizeObserver.prototype;
        ResizeObserver.prototype.observe = function (place) { watching.add(this); return observe.call(this, place); };
        ResizeObserver.prototype.disconnect = function () { watching.delete(this); return disconnect.call(this); };
      }
      """;

  private final PageStack stack;
  private final WebPage web;

  WebPageFrameIT(PageStack stack) {
    this.stack = stack;
    this.web = stack.web();
  }

  @Test
  void adminViewsRequireTheTokenAndKeepItInMemoryOnly() {
    web.openWithoutToken("status");
    web.field("Admin token").fill("wrong");
    web.button("Open").click();
    web.text("The token is wrong.").waitFor();
    web.field("Admin token").fill("Schlüssel");
    web.button("Open").click();
    web.text("The token is wrong.").waitFor();
    web.field("Admin token").fill(web.token());
    web.button("Open").click();
    web.text("Everything works").waitFor();
    assertThat(
            web.page()
                .evaluate("localStorage.length + sessionStorage.length + document.cookie.length"))
        .isEqualTo(0);
    assertThat(web.page().url()).doesNotContain(web.token());
    web.page().reload();
    web.field("Admin token").waitFor();
  }

  @Test
  void aRefusedTokenIsRequestedAgainAndReplaced() {
    web.open("status");
    web.text("Everything works").waitFor();
    web.page().evaluate("location.hash = '#token=wrong&to=/rules'");
    web.field("Admin token").waitFor();
    web.field("Admin token").fill(web.token());
    web.button("Open").click();
    assertThat(web.rows("Rules", "premium_client").first()).isVisible();
  }

  @Test
  void aLinkWithTheTokenLoadsItsViewOnce() {
    web.open("analytics");
    web.table("Rules that never block").or(web.text("Every rule blocked a client")).waitFor();
    assertThat(requests("/v1/console/analytics/block-rates")).isEqualTo(1);
    assertThat(requests("/v1/console/analytics/rules")).isEqualTo(1);

    web.page().evaluate("token => { location.hash = `#token=${token}&to=/rules`; }", web.token());
    web.rows("Rules", "premium_client").first().waitFor();
    assertThat(requests("/v1/admin/rules")).isEqualTo(1);
    stack.assertNoErrors();
  }

  private long requests(String path) {
    return web.browser().requests().stream().filter(uri -> path.equals(uri.getPath())).count();
  }

  @Test
  void theAddressKeepsRangeAndStepOfTheAnalytics() {
    web.open("analytics");
    web.field("Range").selectOption("7d");
    assertThat(web.page()).hasURL(Pattern.compile("#/analytics\\?range=7d&step=hour$"));
    web.open("analytics?range=7d&step=day");
    assertThat(web.field("By")).hasValue("day");
    web.open("analytics?range=30d&step=minute");
    assertThat(web.field("By")).hasValue("hour");
    web.open("analytics?range=constructor");
    assertThat(web.field("Range")).hasValue("1h");
    stack.assertNoErrors();
  }

  @ParameterizedTest
  @ValueSource(strings = {"%E0%A4%A", "toString", "__proto__", "main"})
  void anUnknownAddressShowsTheFirstView(String fragment) {
    web.openWithoutToken(fragment);
    assertThat(web.page().locator("h1")).hasText("Try it");
    stack.assertNoErrors();
  }

  @Test
  void aClosedChartHasNoObservers() {
    web.open("rules");
    web.page().evaluate(COUNT_WATCHERS);
    for (String view : new String[] {"Try it", "Live", "Analytics"}) {
      web.view(view).click();
      web.page().locator(".plot canvas").first().waitFor();
    }
    web.view("Status").click();
    web.text("Everything works").waitFor();
    assertThat(web.page().evaluate("window.watching.size")).isEqualTo(0);
    stack.assertNoErrors();
  }

  @Test
  void theBurstAtTheWindowsEdgeFitsTheSmallestWindow() {
    web.openWithoutToken("try");
    web.field("Limit").fill("200");
    web.field("Window, seconds").fill("1");
    web.field("Window, seconds").blur();
    assertThat(web.text("max 400 in a window")).hasCount(1);
    stack.assertNoErrors();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "plain|plain",
        "=1+1|\"'=1+1\"",
        "a;=1+1|\"a;'=1+1\"",
        "a,@b|\"a,'@b\"",
        "a-b|a-b",
        "a;b|\"a;b\""
      })
  void csvCellsCannotBeFormulas(String name, String cell) {
    web.openWithoutToken("try");
    assertThat(web.page().evaluate("async name => (await import('/page/csv.js')).cell(name)", name))
        .isEqualTo(cell);
  }
}
