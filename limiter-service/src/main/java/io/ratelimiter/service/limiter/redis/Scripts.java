package io.ratelimiter.service.limiter.redis;

import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Rule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The scripts, composed from the files under {@code lua/}: the shared part, the algorithms and the
 * operation.
 *
 * <p>A check whose limits use one algorithm, as nearly all do, runs a script that contains only
 * this one, since Redis creates a script's functions again at each call.
 */
final class Scripts {

  private final UnaryOperator<String> files;
  private final Map<Algorithm, Script> checkOfOneAlgorithm = new EnumMap<>(Algorithm.class);
  private final Script checkOfAllAlgorithms;
  private final Script refund;
  private final Script reset;

  Scripts() {
    this(Scripts::file);
  }

  /**
   * Scripts composed from other files, for tests.
   *
   * @param files the text of a file by its name without {@code .lua}
   */
  Scripts(UnaryOperator<String> files) {
    this.files = files;
    for (Algorithm algorithm : Algorithm.values()) {
      checkOfOneAlgorithm.put(algorithm, compose("check", EnumSet.of(algorithm)));
    }
    checkOfAllAlgorithms = compose("check", EnumSet.allOf(Algorithm.class));
    refund = compose("refund", EnumSet.allOf(Algorithm.class));
    reset = compose("reset", EnumSet.allOf(Algorithm.class));
  }

  /** The check script for these rules, at least one. */
  Script check(List<Rule> rules) {
    Algorithm first = rules.getFirst().policy().algorithm();
    for (int i = 1; i < rules.size(); i++) {
      if (rules.get(i).policy().algorithm() != first) {
        return checkOfAllAlgorithms;
      }
    }
    return checkOfOneAlgorithm.getOrDefault(first, checkOfAllAlgorithms);
  }

  Script refund() {
    return refund;
  }

  Script reset() {
    return reset;
  }

  /** The texts of all scripts. */
  List<String> sources() {
    List<Script> all = new ArrayList<>(checkOfOneAlgorithm.values());
    all.addAll(List.of(checkOfAllAlgorithms, refund, reset));
    return all.stream().map(Script::source).toList();
  }

  private Script compose(String operation, Set<Algorithm> algorithms) {
    StringBuilder source = new StringBuilder(read("store"));
    for (Algorithm algorithm : algorithms) {
      source.append(read(algorithm.wireName()));
    }
    source.append(
        algorithms.stream()
            .map(a -> a.code() + " = " + a.wireName())
            .collect(Collectors.joining(", ", "local algorithms = {", "}\n")));
    return Script.of(operation, source.append(read(operation)).toString());
  }

  private String read(String name) {
    return withoutComments(files.apply(name));
  }

  /** The text of a shipped file. */
  static String file(String name) {
    try (InputStream in = Scripts.class.getResourceAsStream("/lua/" + name + ".lua")) {
      if (in == null) {
        throw new IllegalStateException("lua/" + name + ".lua is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes comments, since Redis keeps a script's text in memory. */
  private static String withoutComments(String source) {
    return source
        .lines()
        .filter(line -> !line.isBlank() && !line.stripLeading().startsWith("--"))
        .collect(Collectors.joining("\n", "", "\n"));
  }
}
