package io.ratelimiter.endtoend.shipped;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Files that are shipped with the code.
 *
 * @param root the repository's folder, or a copy's
 */
record Shipped(Path root) {

  private static final JsonMapper JSON = new JsonMapper();

  boolean has(String file) {
    return Files.exists(root.resolve(file));
  }

  String text(String file) {
    try {
      return Files.readString(root.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The documents of a YAML or JSON file. */
  List<JsonNode> documents(String file) {
    return parse(text(file));
  }

  /** The only document of a YAML or JSON file. */
  JsonNode document(String file) {
    return documents(file).getFirst();
  }

  /** The documents of a YAML text. */
  static List<JsonNode> parse(String yaml) {
    List<JsonNode> documents = new ArrayList<>();
    for (Object one : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(yaml)) {
      documents.add(JSON.valueToTree(one));
    }
    return documents;
  }

  /** Files below a folder, by path relative to the root. */
  List<String> below(String folder) {
    try (Stream<Path> files = Files.walk(root.resolve(folder))) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The strings of a YAML list; empty if there is none. */
  static List<String> strings(JsonNode list) {
    List<String> strings = new ArrayList<>();
    list.forEach(one -> strings.add(one.asString()));
    return strings;
  }
}
