package io.ratelimiter.service.page;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code GET /openapi.json}, and two viewers for it: {@code /docs} and {@code /redoc}. All files
 * come from this service; the content security policy forbids all other sources.
 */
@RestController
final class DocsController {

  /** Allows inline styles, which the scripts of both viewers set. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final String REDOC_LOGO = "https://cdn.redoc.ly/redoc/logo-mini.svg";
  private static final String NO_IMAGE =
      "data:image/svg+xml,%3Csvg xmlns=%27http://www.w3.org/2000/svg%27/%3E";

  private final byte[] openApi = new ClassPathResource("openapi.json").getContentAsByteArray();
  private final PageFiles files = new PageFiles("/docs/", POLICY);

  DocsController() throws IOException {
    for (String name :
        new String[] {"swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"}) {
      files.add(name, PageFiles.webJar("swagger-ui/*/" + name));
    }
    files.add("redoc.standalone.js", withoutLogo(PageFiles.webJar("redoc/*/redoc.standalone.js")));
  }

  /** Without ReDoc's logo, which would be fetched from another host; the policy forbids that. */
  private static byte[] withoutLogo(byte[] script) {
    return new String(script, StandardCharsets.UTF_8)
        .replace(REDOC_LOGO, NO_IMAGE)
        .getBytes(StandardCharsets.UTF_8);
  }

  @GetMapping("/openapi.json")
  ResponseEntity<byte[]> openApi() {
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(openApi);
  }

  @GetMapping("/docs")
  ResponseEntity<byte[]> swagger() {
    return file("swagger.html");
  }

  @GetMapping("/redoc")
  ResponseEntity<byte[]> redoc() {
    return file("redoc.html");
  }

  @GetMapping("/docs/{name}")
  ResponseEntity<byte[]> file(@PathVariable("name") String name) {
    return files.answer(name);
  }
}
