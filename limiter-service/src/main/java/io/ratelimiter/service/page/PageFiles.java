package io.ratelimiter.service.page;

import io.ratelimiter.service.api.http.Problem;
import io.ratelimiter.service.api.http.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** Files of a page, read once from the class path, and served with its content security policy. */
final class PageFiles {

  private static final String WEB_JARS = "classpath*:/META-INF/resources/webjars/";
  private static final int TAG_DIGITS = 16;

  /**
   * A file.
   *
   * @param tag entity tag, a hash of the bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // Read once, never modified, never compared.
  private record PageFile(MediaType type, byte[] bytes, String tag) {}

  private final Map<String, PageFile> files = new HashMap<>();
  private final String folder;
  private final String policy;

  /**
   * Reads the files of a folder.
   *
   * @param folder on the class path, and path of the files; with a slash at both ends
   * @param policy content security policy
   */
  PageFiles(String folder, String policy) throws IOException {
    this.folder = folder;
    this.policy = policy;
    for (Resource resource : resources("classpath:" + folder + "*")) {
      add(String.valueOf(resource.getFilename()), resource.getContentAsByteArray());
    }
  }

  /**
   * Reads a file of a WebJar.
   *
   * @param pattern of its path, since a folder's name contains the version
   */
  static byte[] webJar(String pattern) throws IOException {
    Resource[] found = resources(WEB_JARS + pattern);
    if (found.length != 1) {
      throw new IOException(pattern + " must be on the class path once, not " + found.length);
    }
    return found[0].getContentAsByteArray();
  }

  private static Resource[] resources(String pattern) throws IOException {
    return new PathMatchingResourcePatternResolver().getResources(pattern);
  }

  void add(String name, byte[] bytes) {
    files.put(name, new PageFile(type(name), bytes, tag(bytes)));
  }

  private static MediaType type(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1);
    return switch (ending) {
      case "html" -> new MediaType("text", "html", StandardCharsets.UTF_8);
      case "js" -> new MediaType("text", "javascript", StandardCharsets.UTF_8);
      case "css" -> new MediaType("text", "css", StandardCharsets.UTF_8);
      case "svg" -> new MediaType("image", "svg+xml");
      case "png" -> MediaType.IMAGE_PNG;
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

  /**
   * The file with this name. Browsers revalidate it, so that files of two versions are never mixed.
   *
   * @throws ProblemException 404, when there is none
   */
  ResponseEntity<byte[]> answer(String name) {
    PageFile file = files.get(name);
    if (file == null) {
      throw new ProblemException(Problem.nothingAt(folder + name));
    }
    return ResponseEntity.ok()
        .contentType(file.type())
        .cacheControl(CacheControl.noCache())
        .eTag(file.tag())
        .header("Content-Security-Policy", policy)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer")
        .header("Cross-Origin-Opener-Policy", "same-origin")
        .body(file.bytes());
  }
}
