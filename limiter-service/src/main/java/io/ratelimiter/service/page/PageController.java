package io.ratelimiter.service.page;

import java.io.IOException;
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

  private final PageFiles files = new PageFiles("/page/", POLICY);

  PageController() throws IOException {
    for (String name : new String[] {"uPlot.esm.js", "uPlot.min.css"}) {
      files.add(name, PageFiles.webJar("uplot/*/dist/" + name));
    }
  }

  @GetMapping("/")
  ResponseEntity<byte[]> index() {
    return file("index.html");
  }

  @GetMapping("/page/{name}")
  ResponseEntity<byte[]> file(@PathVariable("name") String name) {
    return files.answer(name);
  }
}
