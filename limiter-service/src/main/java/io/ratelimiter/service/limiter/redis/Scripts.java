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
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The scripts, composed from the files under {@code lua/}: the shared part, the algorithms, the
 * operation, and before a check that may wait or be settled the part for that.
 *
 * <p>A check whose limits use one algorithm, as nearly all do, runs a script that contains only
 * this one, since Redis creates a script's functions again at each call.
 */
final class Scripts {

  private final UnaryOperator<String> files;
  private final CheckScripts plain;
  private final CheckScripts spending;
  private final Script refund;
  private final Script reset;
  private final Script settle;

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
    plain = checks(this::plainCheck);
    spending = checks(this::spendingCheck);
    EnumSet<Algorithm> all = EnumSet.allOf(Algorithm.class);
    refund = compose("refund", all, "");
    reset = compose("reset", all, "");
    settle = compose("settle", all, read("charge"));
  }

  /** The check scripts for rules of one algorithm, and the one for rules of any. */
  private record CheckScripts(Map<Algorithm, Script> ofOneAlgorithm, Script ofAllAlgorithms) {

    Script of(List<Rule> rules) {
      Algorithm first = rules.getFirst().policy().algorithm();
      for (int i = 1; i < rules.size(); i++) {
        if (rules.get(i).policy().algorithm() != first) {
          return ofAllAlgorithms;
        }
      }
      return ofOneAlgorithm.getOrDefault(first, ofAllAlgorithms);
    }
  }

  private static CheckScripts checks(Function<Set<Algorithm>, Script> composed) {
    Map<Algorithm, Script> ofOne = new EnumMap<>(Algorithm.class);
    for (Algorithm algorithm : Algorithm.values()) {
      ofOne.put(algorithm, composed.apply(EnumSet.of(algorithm)));
    }
    return new CheckScripts(ofOne, composed.apply(EnumSet.allOf(Algorithm.class)));
  }

  private Script plainCheck(Set<Algorithm> algorithms) {
    return compose("check", algorithms, "local spending\n");
  }

  private Script spendingCheck(Set<Algorithm> algorithms) {
    String waiting = algorithms.contains(Algorithm.TOKEN_BUCKET) ? read("waiting") : "";
    return compose("check", algorithms, waiting + read("spending"));
  }

  /** The check script for these rules, at least one. */
  Script check(List<Rule> rules) {
    return plain.of(rules);
  }

  /** The check script for these rules, at least one, that reads the arguments of spending.lua. */
  Script spendingCheck(List<Rule> rules) {
    return spending.of(rules);
  }

  Script refund() {
    return refund;
  }

  Script reset() {
    return reset;
  }

  Script settle() {
    return settle;
  }

  /** The texts of all scripts. */
  List<String> sources() {
    List<Script> all = new ArrayList<>(plain.ofOneAlgorithm().values());
    all.addAll(spending.ofOneAlgorithm().values());
    all.addAll(List.of(plain.ofAllAlgorithms(), spending.ofAllAlgorithms(), refund, reset, settle));
    return all.stream().map(Script::source).toList();
  }

  private Script compose(String operation, Set<Algorithm> algorithms, String part) {
    StringBuilder source = new StringBuilder(read("store"));
    for (Algorithm algorithm : algorithms) {
      source.append(read(algorithm.wireName()));
    }
    source.append(
        algorithms.stream()
            .map(a -> a.code() + " = " + a.wireName())
            .collect(Collectors.joining(", ", "local algorithms = {", "}\n")));
    return Script.of(operation, source.append(part).append(read(operation)).toString());
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
