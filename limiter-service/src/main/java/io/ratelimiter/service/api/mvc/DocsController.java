package io.ratelimiter.service.api.mvc;

import io.ratelimiter.service.api.http.Problem;
import io.ratelimiter.service.api.http.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.CacheControl;
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

  private static final CacheControl AN_HOUR = CacheControl.maxAge(Duration.ofHours(1));

  @SuppressWarnings("ArrayRecordComponent") // Read once, never modified, never compared.
  private record Served(MediaType type, byte[] bytes) {}

  private final Map<String, Served> files = new HashMap<>();
  private final Served openApi;

  DocsController() throws IOException {
    openApi = read("classpath:/openapi.json", MediaType.APPLICATION_JSON);
    MediaType script = MediaType.parseMediaType("text/javascript;charset=utf-8");
    MediaType html = MediaType.parseMediaType("text/html;charset=utf-8");
    files.put("swagger.html", read("classpath:/docs/swagger.html", html));
    files.put("swagger.js", read("classpath:/docs/swagger.js", script));
    files.put("redoc.html", read("classpath:/docs/redoc.html", html));
    files.put("redoc.js", read("classpath:/docs/redoc.js", script));
    files.put(
        "swagger-ui.css", webJar("swagger-ui", "swagger-ui.css", MediaType.valueOf("text/css")));
    files.put("swagger-ui-bundle.js", webJar("swagger-ui", "swagger-ui-bundle.js", script));
    files.put("favicon-32x32.png", webJar("swagger-ui", "favicon-32x32.png", MediaType.IMAGE_PNG));
    files.put("redoc.standalone.js", withoutLogo(webJar("redoc", "redoc.standalone.js", script)));
  }

  /** Without ReDoc's logo, which would be fetched from another host; the policy forbids that. */
  private static Served withoutLogo(Served script) {
    String text = new String(script.bytes(), StandardCharsets.UTF_8);
    return new Served(
        script.type(), text.replace(REDOC_LOGO, NO_IMAGE).getBytes(StandardCharsets.UTF_8));
  }

  /** Finds a file of a WebJar, whose folder name contains the version. */
  private static Served webJar(String jar, String file, MediaType type) throws IOException {
    return read("classpath*:/META-INF/resources/webjars/%s/*/%s".formatted(jar, file), type);
  }

  private static Served read(String pattern, MediaType type) throws IOException {
    Resource[] found = new PathMatchingResourcePatternResolver().getResources(pattern);
    if (found.length != 1) {
      throw new IOException(pattern + " must be on the class path once, not " + found.length);
    }
    return new Served(type, found[0].getContentAsByteArray());
  }

  @GetMapping("/openapi.json")
  ResponseEntity<byte[]> openApi() {
    return ResponseEntity.ok().contentType(openApi.type()).body(openApi.bytes());
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
    Served file = files.get(name);
    if (file == null) {
      throw new ProblemException(Problem.nothingAt("/docs/" + name));
    }
    return ResponseEntity.ok()
        .contentType(file.type())
        .cacheControl(AN_HOUR)
        .header("Content-Security-Policy", POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer")
        .body(file.bytes());
  }
}
