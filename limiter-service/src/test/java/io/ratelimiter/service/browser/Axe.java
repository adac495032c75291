package io.ratelimiter.service.browser;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Checks the accessibility of a page with axe-core. */
public final class Axe {

  private static final String FINDINGS =
      """
      async () => {
        const result = await axe.run(document, {resultTypes: ['violations']});
        return result.violations
            .filter(found => ['serious', 'critical'].includes(found.impact))
            .map(found => found.id + ' (' + found.impact + '): ' + found.help + ': '
                + found.nodes.map(node => node.target.join(' ') + ' ' + node.failureSummary).join(' | '));
      }
      """;

  private final String script;

  /** Reads the script; fails the test when it is not on the class path. */
  public Axe() {
    try (InputStream in = Axe.class.getResourceAsStream("/axe.min.js")) {
      script =
          new String(
              Objects.requireNonNull(in, "axe.min.js is missing").readAllBytes(),
              StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Descriptions of the serious and critical violations in the page's current state. */
  @SuppressWarnings("unchecked")
  public List<String> seriousFindings(Page page) {
    // Through the debugger, because the page's policy allows no foreign script.
    page.evaluate("() => { " + script + "\n window.axe = axe; }");
    return (List<String>) page.evaluate(FINDINGS);
  }
}
