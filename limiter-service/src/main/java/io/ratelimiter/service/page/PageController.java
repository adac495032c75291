package io.ratelimiter.service.page;

import io.ratelimiter.service.api.Problem;
import io.ratelimiter.service.api.ProblemException;
import io.ratelimiter.service.page.PageFiles.PageFile;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code GET /}: the web page. All of it comes from this service, and its policy lets nothing else
 * in: no script or style that stands in a document, no other host.
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

  /** Kept by the browser and asked for anew each time: files of two versions never meet. */
  @GetMapping("/page/{name}")
  ResponseEntity<byte[]> file(@PathVariable("name") String name) {
    PageFile file = files.named(name);
    if (file == null) {
      throw new ProblemException(Problem.of(404, "there is nothing at /page/" + name));
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
