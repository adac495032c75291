package io.ratelimiter.service.api.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class StructuredListTests {

  /** RFC 9651, section 3: sf-list of sf-strings with integer parameters, as regular expressions. */
  private static final String STRING = "\"(?:[ !#-\\[\\]-~]|\\\\[\"\\\\])*\"";

  private static final String PARAMETER = ";[a-z*][a-z0-9_.*-]*=-?[0-9]{1,15}";
  private static final String MEMBER = STRING + "(?:" + PARAMETER + ")*";
  private static final Pattern LIST = Pattern.compile(MEMBER + "(?:, " + MEMBER + ")*");

  @Test
  void membersAreStringsWithParameters() {
    String field =
        new StructuredList()
            .item("a")
            .parameter("q", 20)
            .parameter("w", 60)
            .item("b")
            .parameter("q", 1)
            .toString();
    assertThat(field).isEqualTo("\"a\";q=20;w=60, \"b\";q=1").matches(LIST);
  }

  @Test
  void quotesAndBackslashesAreEscaped() {
    assertThat(new StructuredList().item("a\"b\\c")).hasToString("\"a\\\"b\\\\c\"");
  }

  @Test
  void textThatIsNotPrintableAsciiIsRefused() {
    for (String text : new String[] {"\n", "\u007F", "é", "\0", "😀"}) {
      assertThatThrownBy(() -> new StructuredList().item(text))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void integersHaveAtMost15Digits() {
    assertThat(new StructuredList().item("").parameter("q", 999_999_999_999_999L).toString())
        .matches(LIST);
    assertThatThrownBy(() -> new StructuredList().item("").parameter("q", 1_000_000_000_000_000L))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theFieldFollowsTheGrammarForAllPrintableNames() {
    Random random = new Random(9651);
    for (int i = 0; i < 10_000; i++) {
      StructuredList list = new StructuredList();
      for (int member = 0; member <= random.nextInt(4); member++) {
        StringBuilder name = new StringBuilder();
        random.ints(random.nextInt(20), ' ', '~' + 1).forEach(c -> name.append((char) c));
        list.item(name.toString()).parameter("r", random.nextInt());
      }
      assertThat(list.toString()).matches(LIST);
    }
  }
}
