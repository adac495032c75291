package io.ratelimiter.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The queries of the shipped dashboards, with Grafana's macros and variables expanded. */
final class Dashboards {

  private static final Path SHIPPED = Path.of("../deploy/grafana/dashboards");
  private static final Pattern TIME_FILTER = Pattern.compile("\\$__timeFilter\\(([^)]*)\\)");

  /**
   * One query of a panel, a variable or an annotation.
   *
   * @param source the datasource's uid
   */
  record Query(String panel, String source, String text) {}

  private Dashboards() {}

  static List<Query> queries(Instant from, Instant to) {
    List<Query> queries = new ArrayList<>();
    for (Path file : files()) {
      JsonNode board = new JsonMapper().readTree(file.toFile());
      String title = board.get("title").stringValue() + ": ";
      for (JsonNode panel : board.get("panels")) {
        for (JsonNode target : panel.get("targets")) {
          queries.add(query(title + panel.get("title").stringValue(), target, from, to));
        }
      }
      for (JsonNode variable : board.get("templating").get("list")) {
        String name = title + variable.get("name").stringValue();
        queries.add(
            new Query(name, "postgres", sql(variable.get("query").stringValue(), from, to)));
      }
      for (JsonNode annotation : board.get("annotations").get("list")) {
        String name = title + annotation.get("name").stringValue();
        queries.add(query(name, annotation.get("target"), from, to));
      }
    }
    return queries;
  }

  private static List<Path> files() {
    try (Stream<Path> files = Files.list(SHIPPED)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Query query(String panel, JsonNode target, Instant from, Instant to) {
    String source = target.get("datasource").get("uid").stringValue();
    return source.equals("prometheus")
        ? new Query(
            panel, source, target.get("expr").stringValue().replace("$__rate_interval", "15s"))
        : new Query(panel, source, sql(target.get("rawSql").stringValue(), from, to));
  }

  private static String sql(String raw, Instant from, Instant to) {
    String start = "'" + from + "'";
    String end = "'" + to + "'";
    Matcher filter = TIME_FILTER.matcher(raw);
    return filter
        .replaceAll(found -> found.group(1) + " BETWEEN " + start + " AND " + end)
        .replace("$__timeFrom()", start)
        .replace("$__timeTo()", end)
        .replace("${tenant:sqlstring}", "'default'");
  }
}
