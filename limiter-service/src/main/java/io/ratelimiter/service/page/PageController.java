package io.ratelimiter.service.page;

import io.ratelimiter.service.api.http.Problem;
import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.page.PageFiles.PageFile;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code GET /}: the web page. All files come from this service; the content security policy
 * forbids other hosts and inline scripts and styles.
 */
@RestController
final class PageController {

  private static final String POLICY =
      "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  private final PageFiles files;

  PageController(PageFiles files) {
    this.files = files;
  }

  @GetMapping("/")
  ResponseEntity<byte[]> index() {
    return file("index.html");
  }

  /** Browsers revalidate each file, so that files of two versions are never mixed. */
  @GetMapping("/page/{name}")
  ResponseEntity<byte[]> file(@PathVariable("name") String name) {
    PageFile file = files.named(name);
    if (file == null) {
      throw new ProblemException(Problem.nothingAt("/page/" + name));
    }
    return ResponseEntity.ok()
        .contentType(file.type())
        .cacheControl(CacheControl.noCache())
        .eTag(file.tag())
        .header("Content-Security-Policy", POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer")
        .header("Cross-Origin-Opener-Policy", "same-origin")
        .body(file.bytes());
  }
}
