package io.ratelimiter.endtoend;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import io.ratelimiter.service.browser.Axe;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Accessibility of the page: in every viewport, by keyboard alone, and for screen readers. */
@Tag("full")
@Order(PageOrder.LOOKS)
@ExtendWith(PageStackExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebPageLooksIT {

  private static final int MAX_STOPS = 80;

  /** The name of the focused element, prefixed if its focus is invisible; null for a known one. */
  private static final String FOCUSED =
      """
      () => {
        const at = document.activeElement;
        const been = window.been ??= new Set([document.body]);
        if (been.has(at)) return null;
        been.add(at);
        const name = at.textContent.trim() || at.getAttribute('aria-label') || at.labels?.[0]?.textContent || at.tagName;
        return (parseFloat(getComputedStyle(at).outlineWidth) > 0 ? '' : 'unseen: ') + name;
      }
      """;

  private final PageStack stack;
  private final WebPage web;
  private final Axe axe = new Axe();
  private Traffic traffic;

  WebPageLooksIT(PageStack stack) {
    this.stack = stack;
    this.web = stack.web();
  }

  /** A view, after some use. */
  enum View {
    TRY("try") {
      @Override
      void use(PageStack stack) {
        stack.web().field("Limit key").fill("/reports");
        stack.web().button("Send the burst").click();
        stack.web().rows("Answers, newest first", "blocked").first().waitFor();
        assertThat(stack.web().button("Send the burst")).isVisible();
      }
    },
    ANALYTICS("analytics"),
    CLIENT("client?client_id=api_client") {
      @Override
      void use(PageStack stack) {
        stack.web().rows("By minute, newest first", "api_client").first().waitFor();
      }
    },
    RULES("rules"),
    RULE("rules/2") {
      @Override
      void use(PageStack stack) {
        stack.web().page().locator(".history .badge").first().waitFor();
      }
    },
    NEW("rules/new") {
      @Override
      void use(PageStack stack) {
        stack.web().button("Add an attribute").click();
        stack.web().field("Attribute 1").fill("ip");
        stack.web().field("Value 1").fill("203.0.113.*");
        stack.web().field("Counted by").selectOption("names");
        stack.web().field("Attributes to count by").fill("ip");
        stack.web().field("Sample attributes").fill("ip=203.0.113.7");
        assertThat(stack.web().text("counted by ip = 203.0.113.7")).isVisible();
      }
    },
    STATUS("status"),
    LIVE("live") {
      @Override
      void use(PageStack stack) {
        stack.web().rows("Decisions, newest first", "acme-web").first().waitFor();
        Locator allowed =
            stack.web().rows("By rule, the last minute", "default").locator("td.number").first();
        assertThat(allowed).containsText(Pattern.compile("\\d{3}"));
      }
    };

    private final String path;

    View(String path) {
      this.path = path;
    }

    void use(PageStack stack) {}

    String pictured() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @BeforeAll
  void call() {
    traffic = new Traffic(stack.product().port("PORT"));
    stack.awaitCounted("api_client");
    CountedHour.insertInto(stack.database());
  }

  @AfterAll
  void stopCalling() {
    traffic.close();
  }

  @ParameterizedTest
  @EnumSource(View.class)
  void noViewHasSeriousAccessibilityFindings(View view) {
    web.open(view.path);
    assertThat(web.page().locator(".spinner")).hasCount(0);
    view.use(stack);
    for (Viewport look : Viewport.values()) {
      web.look(look);
      isFitFor(look, view.pictured());
    }
    stack.assertNoErrors();
  }

  @Test
  void noDialogHasSeriousAccessibilityFindings() {
    web.openWithoutToken("status");
    web.field("Admin token").waitFor();
    for (Viewport look : Viewport.values()) {
      web.look(look);
      isFitFor(look, "token");
    }
    web.open("client?client_id=seen");
    web.button("Reset …").click();
    for (Viewport look : Viewport.values()) {
      web.look(look);
      isFitFor(look, "reset");
    }
  }

  private void isFitFor(Viewport look, String name) {
    web.browser().screenshot(look.picture(name));
    assertThat(axe.seriousFindings(web.page())).as("%s, %s", name, look).isEmpty();
    assertThat((Integer) web.page().evaluate("document.documentElement.scrollWidth"))
        .as("%s fits, %s", name, look)
        .isLessThanOrEqualTo(look.width());
  }

  @Test
  void theTabKeyVisitsEachElementOnceWithVisibleFocus() {
    web.openWithoutToken("try");
    web.page().locator(".panel").first().waitFor();
    List<String> stops = new ArrayList<>();
    Object stop = nextStop();
    while (stop != null && stops.size() < MAX_STOPS) {
      stops.add(stop.toString());
      stop = nextStop();
    }
    assertThat(stops.size()).as("stops until the first is repeated").isBetween(20, MAX_STOPS - 1);
    assertThat(stops)
        .startsWith("Skip to the content")
        .contains("Send one check", "Send the burst", "Copy", "Steady overload")
        .noneMatch(name -> name.startsWith("unseen"));
  }

  private Object nextStop() {
    press("Tab");
    return web.page().evaluate(FOCUSED);
  }

  @Test
  void theSkipLinkSkipsTheNavigationAndKeepsTheView() {
    web.open("rules");
    web.rows("Rules", "premium_client").first().waitFor();
    press("Tab");
    assertThat(focused()).hasText("Skip to the content");
    assertThat(focused()).isInViewport();
    press("Enter");
    assertThat(web.page().locator("#main")).isFocused();
    assertThat(web.page().locator("h1")).hasText("Rules");
    press("Tab");
    assertThat(focused()).hasText("New rule");
  }

  @Test
  void viewAndTokenCanBeEnteredByKeyboard() {
    web.openWithoutToken("try");
    web.view("Status").focus();
    press("Enter");
    assertThat(web.field("Admin token")).isFocused();
    web.page().keyboard().type(web.token());
    press("Enter");
    web.text("Everything works").waitFor();
    assertThat(web.page().locator("#main")).isFocused();
    web.view("Rules").focus();
    press("Enter");
    assertThat(web.page().locator("#main")).isFocused();
    assertThat(web.page().locator("#announce")).hasText("Rules");
  }

  @Test
  void aRuleCanBeSwitchedAndATableSortedByKeyboard() {
    web.open("rules");
    Locator mode = web.page().getByLabel("Enforce premium_client");
    mode.focus();
    press("Space");
    assertThat(mode).hasAttribute("aria-checked", "false");
    assertThat(mode).isFocused();
    press("Space");
    assertThat(mode).hasAttribute("aria-checked", "true");
    assertThat(mode).isFocused();
    web.button("Limit").focus();
    press("Enter");
    assertThat(web.table("Rules").locator("th[aria-sort=descending]")).hasText("Limit");
    assertThat(web.table("Rules").locator("tbody tr").first()).containsText("premium_client");
  }

  @Test
  void aDialogTrapsTheFocusAndRestoresIt() {
    web.open("client?client_id=seen");
    web.button("Reset …").focus();
    press("Enter");
    Locator dialog = web.page().locator("dialog[open]");
    assertThat(dialog).isVisible();
    assertThat(dialog.locator(":focus")).hasCount(1);
    press("Escape");
    assertThat(dialog).hasCount(0);
    assertThat(web.button("Reset …")).isFocused();
  }

  @Test
  void screenReadersAreNotNotifiedOfUnchangedRefreshes() {
    web.open("status");
    web.text("Everything works").waitFor();
    web.page()
        .evaluate(
            """
            () => {
              window.announced = 0;
              const live = '[role=status], [role=alert], [aria-live]:not([aria-live=off])';
              new MutationObserver(changes => {
                window.announced += changes.filter(c => (c.target.parentElement ?? c.target).closest(live) || c.target.closest?.(live)
                    || [...c.addedNodes].some(n => n.matches?.(live) || n.querySelector?.(live))).length;
              }).observe(document.body, {subtree: true, childList: true, characterData: true});
            }
            """);
    for (int look = 0; look < 2; look++) {
      web.page().waitForResponse("**/v1/console/status", () -> {});
    }
    assertThat(web.page().evaluate("window.announced")).isEqualTo(0);
  }

  private Locator focused() {
    return web.page().locator(":focus");
  }

  private void press(String key) {
    web.page().keyboard().press(key);
  }
}
