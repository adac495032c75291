package io.ratelimiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.junit.SystemPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs every command of docs/how-do-i.md in order, on the whole product with two limiters. */
@Tag("full")
class HowDoIIT {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final String NGINX = "deploy/proxies/nginx.conf";
  private static final String TOKEN = "admin-token-of-this-test";

  /** A command, whether to repeat it until the output matches, and the output. */
  private static final Pattern BLOCK =
      Pattern.compile("```sh( retry)?\n(.*?)```\n(?:\n```text\n(.*?)```)?", Pattern.DOTALL);

  private static final Pattern ROWS = Pattern.compile("\\(\\d+ rows?\\)");

  @TempDir private Path folder;

  private record Block(boolean retry, String command, List<String> answer) {

    boolean isAnsweredBy(List<String> lines) {
      if (answer.isEmpty()) {
        return true;
      }
      if (lines.size() != answer.size()) {
        return false;
      }
      for (int i = 0; i < lines.size(); i++) {
        if (!pattern(answer.get(i)).matcher(lines.get(i)).matches()) {
          return false;
        }
      }
      return true;
    }

    private static Pattern pattern(String line) {
      return Pattern.compile(
          Arrays.stream(line.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
    }
  }

  @Test
  void everyCommandGivesTheDocumentedAnswer() throws Exception {
    List<Block> blocks = blocks(Files.readString(ROOT.resolve("docs/how-do-i.md")));
    assertThat(blocks).hasSizeGreaterThan(15);
    try (Product product = Product.in(Files.createDirectory(folder.resolve("product")))) {
      product.with("ADMIN_TOKEN", TOKEN).withArguments("--nodes", "2").start();
      Map<String, String> here = here(product);
      for (Block block : blocks) {
        if (block.retry()) {
          Awaitility.await(block.command())
              .atMost(Duration.ofMinutes(1))
              .untilAsserted(() -> assertAnswered(block, here));
        } else {
          assertAnswered(block, here);
        }
      }
    }
  }

  private void assertAnswered(Block block, Map<String, String> here)
      throws IOException, InterruptedException {
    List<String> lines = run(block.command(), here);
    assertThat(block.isAnsweredBy(lines))
        .as("%s%nanswered%n%s", block.command(), String.join("\n", lines))
        .isTrue();
  }

  /** Values on the page and their replacements in this test, also for ports in nginx' file. */
  private Map<String, String> here(Product product) throws IOException {
    String site = Files.createTempDirectory("limited", readable()).toString();
    String nginx = folder.resolve("site.conf").toString();
    Map<String, String> here =
        Map.of(
            "8000",
            port(product, "PORT"),
            "8002",
            Integer.toString(product.port("PORT") + 2),
            "8080",
            Integer.toString(io.ratelimiter.localstack.Ports.free()),
            "3000",
            Integer.toString(io.ratelimiter.localstack.Ports.free()),
            "15432",
            port(product, "LOCAL_POSTGRES_PORT"),
            "16379",
            port(product, "LOCAL_REDIS_PORT"),
            "19092",
            port(product, "LOCAL_KAFKA_PORT"),
            "/tmp/limited",
            site,
            "$PWD/" + NGINX,
            nginx);
    Files.writeString(Path.of(nginx), translated(Files.readString(ROOT.resolve(NGINX)), here));
    return here;
  }

  /** nginx, started by root, serves as another user, which must be able to read the files. */
  private static java.nio.file.attribute.FileAttribute<?> readable() {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static String port(Product product, String variable) {
    return Integer.toString(product.port(variable));
  }

  private static String translated(String text, Map<String, String> here) {
    String words =
        here.keySet().stream()
            .map(Pattern::quote)
            .collect(Collectors.joining("|", "(?<!\\d)(", ")(?!\\d)"));
    return Pattern.compile(words)
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(here.get(found.group(1))));
  }

  private List<String> run(String command, Map<String, String> here)
      throws IOException, InterruptedException {
    String script =
        translated(
            "export ADMIN_TOKEN=%s DB=postgresql://ratelimiter:ratelimiter@localhost:15432/ratelimiter%n%s"
                .formatted(TOKEN, command),
            here);
    Path file = Files.writeString(folder.resolve("block.sh"), script);
    Path out = folder.resolve("block.out");
    int exit =
        SystemPrograms.run(
            out,
            Duration.ofMinutes(1),
            List.of("sh", "-c", "cd '" + ROOT + "' && exec bash '" + file + "'"));
    List<String> lines = lines(SystemPrograms.text(out));
    assertThat(lines).as(command).noneMatch(line -> line.contains("command not found"));
    // grep exits with 1 when it finds nothing, which is a valid answer.
    assertThat(exit).as("%s%n%s", command, String.join("\n", lines)).isLessThan(2);
    return lines;
  }

  private static List<Block> blocks(String page) {
    List<Block> blocks = new ArrayList<>();
    Matcher block = BLOCK.matcher(page);
    while (block.find()) {
      List<String> answer = block.group(3) == null ? List.of() : lines(block.group(3));
      blocks.add(new Block(block.group(1) != null, block.group(2), answer));
    }
    return blocks;
  }

  /** Without psql's row count and alignment. */
  private static List<String> lines(String text) {
    return text.lines()
        .map(String::stripTrailing)
        .filter(line -> !line.isEmpty() && !ROWS.matcher(line).matches())
        .toList();
  }
}
