package io.ratelimiter.endtoend;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.ratelimiter.service.browser.Browser;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The product's web page in a browser, opened by the link that {@code ./run} prints. */
final class WebPage implements AutoCloseable {

  private static final Pattern LINK = Pattern.compile("http://localhost:\\d+/#token=\\S+");

  private final String link;
  private final Browser browser = new Browser();

  WebPage(Product product) {
    Matcher found = LINK.matcher(product.printed());
    if (!found.find()) {
      throw new AssertionError("no link to the page in:\n" + product.printed());
    }
    link = found.group();
    page().setDefaultTimeout(40_000);
  }

  Page page() {
    return browser.page();
  }

  Browser browser() {
    return browser;
  }

  String token() {
    return link.substring(link.indexOf('=') + 1);
  }

  /** Loads a view with the token. */
  WebPage open(String view) {
    page().navigate("about:blank");
    page().navigate(link + "&to=" + URLEncoder.encode("/" + view, StandardCharsets.UTF_8));
    page().locator("h1").waitFor();
    return this;
  }

  /** Loads a view without the token. */
  WebPage openWithoutToken(String view) {
    page().navigate("about:blank");
    page().navigate(link.substring(0, link.indexOf('#')) + "#/" + view);
    page().locator("h1").waitFor();
    return this;
  }

  /** Sets window size and colour scheme. */
  void look(Viewport look) {
    page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(look.colours()));
    page().setViewportSize(look.width(), 900);
  }

  /** Text in the view, without the texts for screen readers, which often repeat it. */
  Locator text(String text) {
    return page().locator("#main").getByText(text);
  }

  /** A link of the bar at the top. */
  Locator view(String title) {
    return page().locator("nav").getByText(title);
  }

  Locator button(String name) {
    return page()
        .getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  Locator field(String label) {
    return page().getByLabel(label, new Page.GetByLabelOptions().setExact(true));
  }

  /** A table by its caption. */
  Locator table(String caption) {
    return page().getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName(caption));
  }

  /** Rows of a table's body with this text. */
  Locator rows(String caption, String text) {
    return table(caption).locator("tbody tr").filter(new Locator.FilterOptions().setHasText(text));
  }

  @Override
  public void close() {
    browser.close();
  }
}
