package io.ratelimiter.service.limiter.redis.reply;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyGrammarTests {

  private static List<String> wellFormed() {
    return List.of(
        "+OK\r\n",
        "-ERR unknown command\r\n",
        ":-12\r\n",
        ":9223372036854775807\r\n",
        "$5\r\nhe\r\no\r\n",
        "$0\r\n\r\n",
        "$-1\r\n",
        "*-1\r\n",
        "*0\r\n",
        "*2\r\n*2\r\n:1\r\n:2\r\n*1\r\n$1\r\na\r\n",
        "%2\r\n+a\r\n:1\r\n+b\r\n*0\r\n",
        "~1\r\n_\r\n",
        "*3\r\n#t\r\n,1.5\r\n(12345678901234567890\r\n",
        "=7\r\ntxt:abc\r\n",
        "!3\r\nERR\r\n");
  }

  /** Whether the bytes arrive together or one by one. */
  @ParameterizedTest
  @MethodSource("wellFormed")
  void aReplyEndsWithItsLastByte(String reply) {
    ReplyGrammar grammar = new ReplyGrammar();
    assertThat(grammar.read(bytes(reply + reply), 0)).isEqualTo(reply.length());
    assertThat(grammar.atBoundary()).isTrue();
    for (int i = 0; i < reply.length(); i++) {
      grammar.read(bytes(reply.substring(i, i + 1)), 0);
      assertThat(grammar.fault()).isNull();
      assertThat(grammar.atBoundary()).isEqualTo(i == reply.length() - 1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*100000000\r\n",
        "*16385\r\n",
        "%8193\r\n",
        "~100000000\r\n",
        "*9999999999999999999\r\n",
        "*18446744073709551617\r\n",
        "*4294967297\r\n",
        "*-2\r\n",
        "*\r\n",
        "*?\r\n",
        "*1\n",
        "$1000000000\r\n",
        "$-2\r\n",
        "$4294967301\r\n",
        "$3\r\nabcd\r\n",
        "=3\r\ntxt\r\n",
        "!100000\r\n",
        ":\r\n",
        ":-\r\n",
        ":1.5\r\n",
        ":+5\r\n",
        ":9223372036854775808\r\n",
        ":12345678901234567890123\r\n",
        ":1\r:2\r\n",
        "#x1\r\n",
        "_0\r\n",
        ">2\r\n+invalidate\r\n*0\r\n",
        "|1\r\n+a\r\n+b\r\n:1\r\n",
        "HTTP/1.1 200 OK\r\n",
        "\r\n",
        "\u0000",
        "\u00ff",
        "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n"
      })
  void malformedAndOversizedRepliesAreRefused(String reply) {
    ReplyGrammar grammar = new ReplyGrammar();
    int end = bytes(reply).writerIndex();
    for (int i = 0; i < end && grammar.fault() == null; ) {
      i = grammar.read(bytes(reply), i);
    }
    assertThat(grammar.fault()).isNotNull();
  }

  @Test
  void endlessRepliesAreRefusedWhileTheyArrive() {
    assertThat(bytesUntilRefused(":", "1")).isLessThan(100);
    assertThat(bytesUntilRefused("-", "x")).isLessThan(ReplyGrammar.MAX_LINE_BYTES + 10);
    assertThat(bytesUntilRefused("*10000\r\n", "$400\r\n" + "y".repeat(400) + "\r\n"))
        .isLessThan(ReplyGrammar.MAX_REPLY_BYTES + 1_000);
    assertThat(bytesUntilRefused("*1000\r\n", "*1000\r\n")).isLessThan(200);
  }

  private static int bytesUntilRefused(String beginning, String again) {
    ReplyGrammar grammar = new ReplyGrammar();
    grammar.read(bytes(beginning), 0);
    int fed = beginning.length();
    while (grammar.fault() == null && fed < 100_000_000) {
      grammar.read(bytes(again), 0);
      fed += again.length();
    }
    return fed;
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
