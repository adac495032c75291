package io.ratelimiter.endtoend;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import io.ratelimiter.service.browser.Axe;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attributes on the page: in rules, their preview, checks, and the limits of a client. */
@Tag("full")
@Order(PageOrder.ATTRIBUTES)
@ExtendWith(PageStackExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebPageAttributesIT {

  /**
   * Creates each rule in a tenant of its own and sends it each check twice. Returns where the
   * preview and the service disagree on the match or on the counter, and the number of matches.
   */
  private static final String COMPARE_WITH_SERVICE =
      """
      async token => {
        const {match} = await import('/page/rule-preview.js');
        const post = async (path, json, headers = {}) => (await fetch(path, {method: 'POST', body: JSON.stringify(json), headers: {'Content-Type': 'application/json', ...headers}})).json();
        const anything = {client_id: '*', limit_key: '*', match: {}, by: null, shared: false};
        const rules = [
          {}, {shared: true}, {client_id: 'a'}, {client_id: 'a*'}, {limit_key: 'k'}, {client_id: 'a', limit_key: 'k'},
          {by: []}, {by: ['client_id']}, {by: ['limit_key']}, {by: ['ip']}, {by: ['plan', 'client_id', 'ip']}, {limit_key: 'k', by: []},
          {match: {ip: '*'}}, {match: {ip: '10.0.0.*'}}, {match: {ip: '10.0.0.1'}, by: ['ip']}, {match: {client_id: 'a*'}}, {match: {limit_key: 'k*', plan: 'pro'}, by: ['limit_key']},
          {match: {constructor: '*'}}, {by: ['constructor']},
        ].map(rule => ({...anything, ...rule}));
        const checks = [];
        for (const client_id of ['a', 'ab', 'a*', 'b']) {
          for (const limit_key of ['k', 'kk']) {
            for (const attributes of [{}, {ip: '10.0.0.1'}, {ip: '10.0.0.12', plan: 'pro'}, {ip: '10.0.0.', plan: 'prob'}, {constructor: 'x'}]) checks.push({client_id, limit_key, attributes});
          }
        }
        const wrong = [];
        let matches = 0;
        for (const [i, rule] of rules.entries()) {
          const tenant = `preview-${i}`;
          const made = await post('/v1/admin/rules', {...rule, tenant, name: 'own', rate: 1000, window: 31622400, algorithm: 'token_bucket'}, {Authorization: `Bearer ${token}`});
          if (made.id === undefined) wrong.push([rule, made]);
          const used = new Map();
          for (const check of [...checks, ...checks]) {
            const answer = await post('/v1/check', {...check, tenant});
            const own = answer.limits.find(limit => limit.rule === 'own');
            const {missed, counter} = match(rule, check);
            const key = JSON.stringify(counter);
            if (missed === null) used.set(key, (used.get(key) ?? 0) + 1);
            if (missed === null) matches++;
            const expected = missed === null ? 1000 - used.get(key) : undefined;
            if (own?.remaining !== expected) wrong.push([rule, check, own?.remaining, expected]);
          }
        }
        return {wrong: wrong.map(w => JSON.stringify(w)), matches};
      }
      """;

  private final PageStack stack;
  private final WebPage web;
  private final Locator result;

  WebPageAttributesIT(PageStack stack) {
    this.stack = stack;
    this.web = stack.web();
    this.result = web.page().locator(".result");
  }

  @Test
  void aRuleCountsByTheAttributeThatItsPreviewNames() {
    web.open("rules/new");
    web.field("Name").fill("per-ip");
    matchFirst("ip", "203.0.113.*");
    countBy("ip");
    web.field("Rate, units").fill("2");
    web.field("Window, seconds").fill("86400");
    assertThat(
            web.text("Each ip may use 2 per 1 d over all keys together, where ip = 203.0.113.*."))
        .isVisible();
    sample("one", "ip=198.51.100.7");
    assertThat(result)
        .hasText("does not match ip is “198.51.100.7”, which does not begin with “203.0.113.”");
    sample("one", "ip=203.0.113.7");
    assertThat(result).hasText("matches counted by ip = 203.0.113.7");
    create();
    assertThat(web.field("Value 1")).hasValue("203.0.113.*");
    assertThat(web.field("Attributes to count by")).hasValue("ip");
    assertThat(web.page().locator(".history .is", exactly("ip = 203.0.113.*"))).hasCount(1);

    web.openWithoutToken("try");
    assertThat(sendOne("first", "ip=203.0.113.7")).containsText("allowed by rule");
    assertThat(sendOne("second", "ip=203.0.113.7")).containsText("allowed by rule");
    assertThat(web.page().getByLabel("The same call as curl"))
        .containsText("\"attributes\":{\"ip\":\"203.0.113.7\"}");
    assertThat(sendOne("third", "ip=203.0.113.7")).containsText("blocked by rule per-ip");
    assertThat(sendOne("third", "ip=203.0.113.8")).containsText("allowed by rule");

    web.open("client?client_id=fourth&attr.ip=203.0.113.7");
    assertThat(web.rows("Limits of this client", "per-ip")).containsText("0 of 2");
    web.button("Reset …").click();
    web.button("Reset").click();
    assertThat(web.rows("Limits of this client", "per-ip")).containsText("2 of 2");
    web.field("Attributes").fill("");
    web.field("Attributes").blur();
    assertThat(web.rows("Limits of this client", "per-ip")).hasCount(0);
    stack.assertNoErrors();
  }

  @Test
  void aRuleOfRate0BlocksAlways() {
    web.open("rules/new");
    web.field("Name").fill("banned");
    matchFirst("ip", "198.51.100.9");
    countBy("ip");
    web.field("Rate, units").fill("0");
    assertThat(web.field("Burst, units")).isDisabled();
    assertThat(web.text("Blocks always: every check of any client for any key")).isVisible();
    sample("one", "ip=198.51.100.9");
    assertThat(result).hasText("matches blocks always");
    web.field("Mode").selectOption("shadow");
    assertThat(result).hasText("matches would block always (shadow)");
    web.field("Mode").selectOption("enforce");
    create();

    web.openWithoutToken("try");
    assertThat(sendOne("one", "ip=198.51.100.9"))
        .hasText("blocked by rule banned, which blocks always.");
    assertThat(web.page().locator(".buckets"))
        .containsText("not evaluated: another rule blocks always");
    web.open("client?client_id=one&attr.ip=198.51.100.9");
    assertThat(web.rows("Limits of this client", "banned")).containsText("blocks always");
    assertThat(web.rows("Limits of this client", "default")).containsText("not evaluated");
    stack.assertNoErrors();
  }

  @Test
  void theListShowsMatchAndByAndItsSwitchKeepsThem() {
    web.open("rules/new");
    web.field("Name").fill("trials");
    matchFirst("plan", "trial");
    web.field("Counted by").selectOption("tenant");
    web.field("Rate, units").fill("1000");
    sample("one", "plan=trial");
    assertThat(result).hasText("matches one counter for the whole tenant");
    create();

    web.open("rules");
    web.field("Search").fill("plan = trial");
    assertThat(web.table("Rules").locator("tbody tr")).hasCount(1);
    web.page().getByLabel("Enforce trials").click();
    assertThat(web.page().getByLabel("Enforce trials")).hasAttribute("aria-checked", "false");
    Locator row = web.rows("Rules", "trials");
    assertThat(row).containsText("plan = trial");
    assertThat(row).containsText("1,000 per 60 s" + "whole tenant");
    assertThat(row).containsText("* any");
    row.getByText("trials", new Locator.GetByTextOptions().setExact(true)).click();
    web.page().locator(".history .badge").first().waitFor();
    assertThat(web.field("Counted by")).hasValue("tenant");
    web.button("Remove attribute 1").click();
    assertThat(web.button("Add an attribute")).isFocused();
    assertThat(result).hasText("matches one counter for the whole tenant; never blocks (shadow)");
    web.button("Save").click();
    web.text("Saved. Every instance").waitFor();
    assertThat(web.page().locator(".history .was").first()).hasText("plan = trial");
    web.button("Restore this").first().click();
    web.text("Restored to revision").waitFor();
    assertThat(web.field("Value 1")).hasValue("trial");
    stack.assertNoErrors();
  }

  @ParameterizedTest
  @CsvSource({
    "'', x, ip, match must have a name for each value",
    "ip, '', ip, match.ip must have a value; * is any",
    "IP, x, ip, match must have names that match",
    "client_id, x, ip, match.client_id must be a prefix and *",
    "ip, x, '', by must have a name",
    "ip, x, 'ip,IP', by must have names that match",
    "ip, x, 'a,b,c,d,e', by must have at most 4 names"
  })
  void aFaultOfMatchOrByIsShownAtItsField(String name, String value, String by, String fault) {
    web.open("rules/new");
    web.field("Name").fill("faulty");
    matchFirst(name, value);
    countBy(by);
    web.button("Create").click();
    Locator shown = web.page().locator(fault.startsWith("by") ? ".field" : ".match");
    assertThat(shown.getByText(fault)).isVisible();
    assertThat(web.page().locator(".rule-form > .field-error")).isEmpty();
    if (fault.startsWith("match.")) {
      assertThat(web.field("Value 1")).hasAttribute("aria-invalid", "true");
      assertThat(web.field("Value 1")).isFocused();
    }
    assertThat(new Axe().seriousFindings(web.page())).isEmpty();
    stack.assertNoErrors();
  }

  @ParameterizedTest
  @CsvSource({
    "ip, 'attributes must have lines of name=value, not “ip”'",
    "ip=, 'attributes must have lines of name=value, not “ip=”'",
    "'ip=1\nip=2', attributes.ip must be given once",
    "IP=1, attributes must have names that match",
    "ip=*, attributes.ip must not be *"
  })
  void anInvalidAttributeOfACheckIsMarked(String lines, String fault) {
    web.openWithoutToken("try");
    web.field("Attributes").fill(lines);
    web.button("Send one check").click();
    assertThat(web.text(fault).first()).isVisible();
    assertThat(web.field("Attributes")).hasAttribute("aria-invalid", "true");
    stack.assertNoErrors();
  }

  @Test
  void thePreviewAndTheServiceAgreeOnEachMatchAndCounter() {
    web.open("rules");
    Object compared = web.page().evaluate(COMPARE_WITH_SERVICE, web.token());
    assertThat(compared)
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .containsEntry("wrong", List.of())
        .satisfies(found -> assertThat((Integer) found.get("matches")).isGreaterThan(300));
  }

  private void matchFirst(String name, String value) {
    web.button("Add an attribute").click();
    assertThat(web.field("Attribute 1")).isFocused();
    web.field("Attribute 1").fill(name);
    web.field("Value 1").fill(value);
  }

  private void countBy(String names) {
    web.field("Counted by").selectOption("names");
    web.field("Attributes to count by").fill(names);
  }

  private void sample(String client, String attributes) {
    web.field("Sample client").fill(client);
    web.field("Sample attributes").fill(attributes);
  }

  private void create() {
    web.button("Create").click();
    web.page().locator(".history .badge").first().waitFor();
  }

  /** The explanation of the answer to this check. */
  private Locator sendOne(String client, String attributes) {
    web.field("Client").fill(client);
    web.field("Attributes").fill(attributes);
    web.page().waitForResponse("**/v1/check", () -> web.button("Send one check").click());
    return web.page().locator(".detail > p");
  }

  private static com.microsoft.playwright.Page.LocatorOptions exactly(String text) {
    return new com.microsoft.playwright.Page.LocatorOptions().setHasText(text);
  }
}
