package io.ratelimiter.service.api.mvc.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.junit.SystemPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The shell commands of a document, and the answers below them, each a line of JSON. All commands
 * run in one shell, in their order.
 */
record ShellPage(List<Block> blocks) {

  private static final Pattern BLOCK =
      Pattern.compile("```sh\n(.*?)```\n(?:\n```json\n(.*?)```)?", Pattern.DOTALL);
  private static final String END = "end of block";

  /**
   * Commands with their answers.
   *
   * @param answers empty where the document prints none
   */
  record Block(String commands, List<PrintedAnswer> answers) {}

  static ShellPage of(String page) {
    List<Block> blocks = new ArrayList<>();
    Matcher found = BLOCK.matcher(page);
    while (found.find()) {
      String answers = found.group(2) == null ? "" : found.group(2);
      blocks.add(new Block(found.group(1), answers.lines().map(PrintedAnswer::of).toList()));
    }
    return new ShellPage(blocks);
  }

  /**
   * Runs the commands with bash.
   *
   * @param here texts of the document and their replacements
   * @return for each block the lines that its commands print
   */
  List<List<String>> run(Path folder, Map<String, String> here)
      throws IOException, InterruptedException {
    StringBuilder script = new StringBuilder();
    for (Block block : blocks) {
      script.append(block.commands()).append("echo; echo ").append(END).append('\n');
    }
    String commands = script.toString();
    for (Map.Entry<String, String> text : here.entrySet()) {
      commands = commands.replace(text.getKey(), text.getValue());
    }
    Path file = Files.writeString(folder.resolve("page.sh"), commands);
    Path out = folder.resolve("page.out");
    SystemPrograms.run(out, Duration.ofMinutes(2), List.of("bash", file.toString()));
    return split(SystemPrograms.text(out));
  }

  private List<List<String>> split(String printed) {
    List<List<String>> all = new ArrayList<>();
    for (String block : printed.split(END + "\n", -1)) {
      all.add(block.lines().filter(line -> !line.isBlank()).toList());
    }
    all.removeLast();
    assertThat(all).as(printed).hasSameSizeAs(blocks);
    return all;
  }
}
