package io.ratelimiter.endtoend.shipped;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Relative links in the repository's Markdown files. */
class DocumentLinksTests {

  private static final Path ROOT = Path.of("..");
  private static final Pattern LINK =
      Pattern.compile("]\\((?!\\w+:)([^)#\\s]*)(?:#([^)\\s]+))?\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final Pattern BUILT_OR_HIDDEN = Pattern.compile("(^|/)(target|\\.[^/]+)/");

  @Test
  void everyLinkLeadsToAnExistingFileAndSection() throws IOException {
    List<String> faults = new ArrayList<>();
    for (Path document : documents()) {
      LINK.matcher(Files.readString(document))
          .results()
          .filter(link -> !exists(document, link.group(1), link.group(2)))
          .forEach(link -> faults.add(ROOT.relativize(document) + ": " + link.group()));
    }
    assertThat(faults).isEmpty();
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !BUILT_OR_HIDDEN.matcher(ROOT.relativize(file).toString()).find())
          .toList();
    }
  }

  private static boolean exists(Path document, String path, String section) {
    Path file = path.isEmpty() ? document : document.resolveSibling(path).normalize();
    return Files.exists(file) && (section == null || sections(file).contains(section));
  }

  /** Names of the sections of a document, as GitHub derives them from its headings. */
  private static List<String> sections(Path file) {
    try {
      return HEADING
          .matcher(Files.readString(file))
          .results()
          .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
          .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
