package io.ratelimiter.service.browser;

import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * The machine's Chromium, headless, with one page; records the page's requests and errors. For one
 * thread. A missing browser or driver fails the test with a message that names it.
 */
public final class Browser implements AutoCloseable {

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");

  private final Playwright playwright;
  private final Page page;
  private final List<URI> requests = new CopyOnWriteArrayList<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  /** Starts the browser with an empty page. */
  public Browser() {
    Path program = program();
    playwright = driver();
    page =
        playwright
            .chromium()
            .launch(new BrowserType.LaunchOptions().setExecutablePath(program))
            .newPage();
    page.onRequest(request -> requests.add(URI.create(request.url())));
    page.onPageError(complaints::add);
    page.onConsoleMessage(message -> {
      if (List.of("error", "warning").contains(message.type())) {
        complaints.add(message.type() + ": " + message.text());
      }
    });
  }

  /** The page, for navigation and assertions. */
  public Page page() {
    return page;
  }

  /** URLs requested by the page so far, {@code data:} and {@code blob:} included. */
  public List<URI> requests() {
    return requests;
  }

  /**
   * Errors and warnings of the console, including violations of the content security policy, and
   * uncaught exceptions.
   */
  public List<String> complaints() {
    return complaints;
  }

  /** Writes the whole page as a PNG. */
  public void screenshot(Path file) {
    page.screenshot(new Page.ScreenshotOptions().setPath(file).setFullPage(true));
  }

  @Override
  public void close() {
    playwright.close();
  }

  private static Playwright driver() {
    try {
      return Playwright.create(
          new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    } catch (PlaywrightException e) {
      throw new AssertionError(
          "Playwright's driver-bundle does not start; -Pfull adds it as a Maven artifact", e);
    }
  }

  private static Path program() {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .flatMap(folder -> candidates(Path.of(folder)))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() ->
            new AssertionError(
                "chromium is missing on this machine; .ci/run installs it (looked on PATH for "
                    + String.join(", ", NAMES)
                    + ")"));
  }

  private static Stream<Path> candidates(Path folder) {
    return NAMES.stream().map(folder::resolve);
  }
}
