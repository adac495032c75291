package io.ratelimiter.service.page;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.MediaType;

/** The files of the page, read once: {@code /page} on the class path, and the chart library. */
final class PageFiles {

  private static final String CHARTS = "classpath*:/META-INF/resources/webjars/uplot/*/dist/";
  private static final int TAG_DIGITS = 16;

  /**
   * A file.
   *
   * @param tag entity tag, a hash of the bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // Read once, never modified, never compared.
  record PageFile(MediaType type, byte[] bytes, String tag) {}

  private final Map<String, PageFile> files = new HashMap<>();

  PageFiles() throws IOException {
    var resolver = new PathMatchingResourcePatternResolver();
    for (Resource resource : resolver.getResources("classpath:/page/*")) {
      add(resource);
    }
    for (String name : new String[] {"uPlot.esm.js", "uPlot.min.css"}) {
      Resource[] found = resolver.getResources(CHARTS + name);
      if (found.length != 1) {
        throw new IOException(name + " must be on the class path once, not " + found.length);
      }
      add(found[0]);
    }
  }

  private void add(Resource resource) throws IOException {
    String name = String.valueOf(resource.getFilename());
    byte[] bytes = resource.getContentAsByteArray();
    files.put(name, new PageFile(type(name), bytes, tag(bytes)));
  }

  private static MediaType type(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1);
    return switch (ending) {
      case "html" -> new MediaType("text", "html", StandardCharsets.UTF_8);
      case "js" -> new MediaType("text", "javascript", StandardCharsets.UTF_8);
      case "css" -> new MediaType("text", "css", StandardCharsets.UTF_8);
      case "svg" -> new MediaType("image", "svg+xml");
      default -> MediaType.APPLICATION_OCTET_STREAM;
    };
  }

  private static String tag(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return '"' + HexFormat.of().formatHex(digest).substring(0, TAG_DIGITS) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The file with this name; null without one. */
  @Nullable PageFile named(String name) {
    return files.get(name);
  }
}
