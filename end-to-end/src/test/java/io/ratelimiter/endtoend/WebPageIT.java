package io.ratelimiter.endtoend;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.ratelimiter.service.browser.Axe;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each view of the web page, in Chromium, against the whole product. */
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebPageIT {

  private static final String HOSTILE =
      "<img src=x onerror=\"window.broken=1\"><script>broken=1</script>";
  private static final LocatorAssertions.IsVisibleOptions SOON =
      new LocatorAssertions.IsVisibleOptions().setTimeout(30_000);
  private static final List<String> VIEWS =
      List.of(
          "try",
          "live",
          "analytics",
          "rules",
          "rules/new",
          "rules/2",
          "status",
          "client?client_id=seen");

  @TempDir static Path folder;

  private Product product;
  private Caller caller;
  private WebPage web;

  @BeforeAll
  void start() {
    product = Product.in(folder).start();
    caller = new Caller(product.port("PORT"));
    web = new WebPage(product);
    exhaust("seen");
  }

  @AfterAll
  void stop() {
    web.close();
    product.close();
  }

  @Test
  void a_burst_drains_the_bucket_and_every_answer_is_shown() {
    web.openWithoutToken("try");
    web.page().getByText("20 per 60 s").first().waitFor();
    web.field("Client").fill("burst-client");
    web.field("Checks").fill("200");
    web.field("per second").fill("100");
    assertThat(web.page().getByLabel("The same call as curl"))
        .containsText("\"client_id\":\"burst-client\"");
    web.button("Send the burst").click();
    assertThat(web.rows("Answers, newest first", "blocked").first()).isVisible(SOON);
    assertThat(web.page().getByText("HTTP 200")).isVisible();
    assertThat(web.page().locator("dl.headers")).containsText("retry-after");
    assertThat(web.page().locator("pre.json")).containsText("\"reason\": \"limit_exceeded\"");
    assertThat(web.page().getByRole(com.microsoft.playwright.options.AriaRole.METER))
        .hasAttribute("aria-valuenow", Pattern.compile("\\d{1,2}"));
    isContent();
  }

  @Test
  void what_is_wrong_with_a_check_is_said_at_its_field() {
    web.openWithoutToken("try");
    web.field("Client").fill("*");
    web.button("Send one check").click();
    assertThat(web.field("Client")).hasAttribute("aria-invalid", "true");
    assertThat(web.page().locator(".field-error").first()).containsText("client_id");
  }

  @Test
  void the_fixed_window_lets_twice_its_limit_through_and_the_others_do_not() {
    web.openWithoutToken("try");
    assertThat(web.page().getByText("at most 20 in a window")).hasCount(1);
    assertThat(web.page().getByText("at most 10 in a window")).hasCount(3);
    assertThat(web.page().locator(".panel").nth(1)).containsText("at most 20 in a window");
    web.button("Just the limit, evenly").click();
    assertThat(web.page().locator(".panel").nth(1)).containsText("at most 10 in a window");
    isContent();
  }

  @Test
  void the_other_views_ask_for_the_token_and_keep_it_in_memory_only() {
    web.openWithoutToken("status");
    web.field("Admin token").fill("wrong");
    web.button("Open").click();
    web.page().getByText("This is not the token.").waitFor();
    web.field("Admin token").fill(web.token());
    web.button("Open").click();
    web.page().getByText("Everything works").waitFor();
    assertThat(
            web.page()
                .evaluate("localStorage.length + sessionStorage.length + document.cookie.length"))
        .isEqualTo(0);
    assertThat(web.page().url()).doesNotContain(web.token());
    web.page().reload();
    web.field("Admin token").waitFor();
    web.browser().complaints().clear();
  }

  @Test
  void decisions_show_live_and_can_be_filtered_and_held() {
    web.open("live");
    web.page().getByText("Decisions of all instances").waitFor();
    callUntil("live-one", () -> web.rows("Decisions, newest first", "live-one").count() > 0);
    callUntil("live-one", () -> web.rows("By rule, the last minute", "default").count() > 0);
    web.field("Client has").fill("live-two");
    web.field("Client has").blur();
    callUntil("live-two", () -> web.rows("Decisions, newest first", "live-two").count() > 0);
    caller.check("live-one");
    callUntil("live-two", () -> web.rows("Decisions, newest first", "live-two").count() > 3);
    assertThat(web.rows("Decisions, newest first", "live-one").count()).isZero();
    web.field("Client has").fill("");
    web.field("Blocked only").check();
    callUntil("api_client", () -> web.rows("Decisions, newest first", "blocked").count() > 3);
    assertThat(web.rows("Decisions, newest first", "allowed").count()).isZero();
    web.button("Pause").click();
    assertThat(web.button("Go on")).hasAttribute("aria-pressed", "true");
    isContent();
  }

  @Test
  void what_was_counted_is_shown_and_saved_as_csv() throws IOException {
    awaitCounted("seen");
    web.open("analytics");
    assertThat(web.rows("Clients that are blocked most", "seen").first()).isVisible(SOON);
    assertThat(web.rows("What each rule does", "default").first()).isVisible();
    assertThat(
            web.rows("Rules that never block", "premium_client")
                .or(web.rows("What each rule does", "premium_client"))
                .first())
        .isVisible();
    Download saved =
        web.page()
            .waitForDownload(() ->
                web.page()
                    .locator("section")
                    .filter(new Locator.FilterOptions().setHasText("Clients that are blocked most"))
                    .getByText("Save as CSV")
                    .click());
    assertThat(Files.readString(saved.path()))
        .startsWith("\ufefftenant,client_id,limit_key,")
        .containsPattern("default,seen,global,\\d*,\\d+,");
    isContent();
  }

  @Test
  void a_client_has_a_page_of_its_own_and_can_be_reset() {
    exhaust("spent");
    awaitCounted("spent");
    web.open("client?client_id=spent");
    assertThat(web.rows("Limits of this client", "default")).not().containsText("100 of 100");
    assertThat(web.rows("By minute, newest first", "default").first()).isVisible(SOON);
    web.button("Reset …").click();
    web.button("Reset").click();
    assertThat(web.rows("Limits of this client", "default")).containsText("100 of 100");
    isContent();
  }

  @Test
  void a_rule_is_written_tried_in_the_shadow_and_taken_back() {
    web.open("rules/new");
    web.field("Client").fill("steered");
    web.field("Rate, units").fill("0");
    web.button("Create").click();
    assertThat(web.field("Rate, units")).hasAttribute("aria-invalid", "true");
    assertThat(web.page().getByText("rate must be 1 to 1000000000, not 0")).isVisible();
    web.field("Rate, units").fill("3");
    web.button("Create").click();
    web.page().locator(".history .badge").first().waitFor();
    awaitLimit("steered", 3);

    web.field("Rate, units").fill("5");
    web.button("Save").click();
    web.page().getByText("Saved. Every instance").waitFor();
    assertThat(web.page().locator(".history .was").first()).hasText("3");
    assertThat(web.page().locator(".history .is").first()).hasText("5");
    awaitLimit("steered", 5);
    web.button("Go back to this").click();
    web.page().getByText("It is as it was at revision").waitFor();
    awaitLimit("steered", 3);

    web.open("rules");
    web.field("Search").fill("steered");
    assertThat(web.table("Rules").locator("tbody tr")).hasCount(1);
    web.page().getByLabel("Enforce steered").click();
    assertThat(web.page().getByLabel("Enforce steered")).hasAttribute("aria-checked", "false");
    awaitLimit("steered", 100);
    isContent();
  }

  @Test
  void two_who_change_one_rule_do_not_overwrite_each_other() {
    web.open("rules/new");
    web.field("Client").fill("contended");
    web.button("Create").click();
    web.page().locator(".history .badge").first().waitFor();
    new Database(product.port("LOCAL_POSTGRES_PORT"))
        .execute("update limiter.rate_limit_rules set rate = 77 where name = 'contended'");
    web.field("Rate, units").fill("78");
    web.button("Save").click();
    web.page().getByText("Somebody else changed this rule meanwhile").waitFor();
    web.button("Load what it is now").click();
    assertThat(web.field("Rate, units")).hasValue("77");
    // That the browser notes the 412 is right.
    web.browser().complaints().clear();
  }

  @Test
  void the_status_names_each_part_and_each_instance() {
    web.open("status");
    assertThat(web.page().locator(".banner")).containsText("Everything works");
    for (String part :
        List.of("Redis", "Circuit breaker", "Kafka", "Spool", "PostgreSQL", "Rules")) {
      assertThat(web.page().locator(".part h2", new Page.LocatorOptions().setHasText(part)).first())
          .isVisible();
    }
    assertThat(web.rows("Instances", "limiter-1")).containsText("up to date");
    assertThat(web.rows("Audit completeness", "limiter-1")).containsText("complete so far");
    isContent();
  }

  @Test
  void a_client_who_calls_himself_markup_stays_text() {
    web.open("live");
    web.page().getByText("Decisions of all instances").waitFor();
    callUntil(HOSTILE, () -> web.rows("Decisions, newest first", HOSTILE).count() > 0);
    isUnbroken();
    exhaust(HOSTILE);
    awaitCounted("<img");
    web.open("analytics");
    assertThat(web.rows("Clients that are blocked most", HOSTILE).first()).isVisible(SOON);
    isUnbroken();
    web.rows("Clients that are blocked most", HOSTILE).first().locator("a").click();
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
    isContent();
  }

  @ParameterizedTest
  @EnumSource(Look.class)
  void nothing_serious_is_in_the_way_of_anybody(Look look) {
    Axe axe = new Axe();
    web.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(look.colours));
    web.page().setViewportSize(look.width, 900);
    for (String view : VIEWS) {
      web.open(view);
      assertThat(web.page().locator(".spinner")).hasCount(0);
      web.browser().screenshot(look.file(view));
      assertThat(axe.seriousFindings(web.page())).as("%s, %s", view, look).isEmpty();
      assertThat((Integer) web.page().evaluate("document.documentElement.scrollWidth"))
          .as("%s fits, %s", view, look)
          .isLessThanOrEqualTo(look.width);
    }
    web.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    web.page().setViewportSize(Look.LIGHT.width, 900);
  }

  enum Look {
    LIGHT(1280, ColorScheme.LIGHT),
    DARK(1280, ColorScheme.DARK),
    PHONE(390, ColorScheme.LIGHT);

    private final int width;
    private final ColorScheme colours;

    Look(int width, ColorScheme colours) {
      this.width = width;
      this.colours = colours;
    }

    Path file(String view) {
      String name =
          view.replaceAll("[^a-z0-9].*", "")
              + "-"
              + (view.length())
              + "-"
              + name().toLowerCase(java.util.Locale.ROOT);
      return Path.of("target", "screenshots", name + ".png");
    }
  }

  /** Asks until there is nothing left. */
  private void exhaust(String client) {
    assertThat(IntStream.range(0, 5_000).anyMatch(_ -> !caller.check(client).allowed())).isTrue();
  }

  private void callUntil(String client, java.util.concurrent.Callable<Boolean> seen) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(40))
        .pollInSameThread()
        .until(() -> {
          caller.check(client);
          return seen.call();
        });
  }

  private void awaitCounted(String client) {
    Database database = new Database(product.port("LOCAL_POSTGRES_PORT"));
    Awaitility.await()
        .atMost(Duration.ofSeconds(40))
        .ignoreExceptions()
        .until(() ->
            database
                    .row(
                        "select count(*), sum(blocked_count) from audit.rate_limit_metrics where blocked_count > 0 and client_id like '"
                            + client
                            + "%'")
                    .getFirst()
                > 0);
  }

  private void awaitLimit(String client, int limit) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> caller.check(client).body().get("limit").intValue() == limit);
  }

  private void isUnbroken() {
    assertThat(web.page().evaluate("window.broken === undefined")).isEqualTo(true);
    assertThat(web.page().locator("main img, main script").count()).isZero();
  }

  /** Nothing went wrong, nothing was forbidden, and nobody else was asked. */
  private void isContent() {
    assertThat(web.browser().complaints()).filteredOn(said -> !said.contains("400")).isEmpty();
    assertThat(web.browser().requests())
        .filteredOn(request -> !request.getScheme().matches("data|blob|about"))
        .extracting(URI::getAuthority)
        .containsOnly("localhost:" + product.port("PORT"));
  }
}
