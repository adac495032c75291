package io.ratelimiter.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.Driver;

class DatabaseUrlTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          postgresql://u:p@db:5432/limits   | jdbc:postgresql://db:5432/limits   | u   | p
          postgres://u@db/limits            | jdbc:postgresql://db/limits        | u   | ''
          postgresql://db                   | jdbc:postgresql://db/              | ''  | ''
          postgresql://:p@db/d              | jdbc:postgresql://db/d             | ''  | p
          postgresql://u%40x:a%2Fb+c%3A@db/d | jdbc:postgresql://db/d            | u@x | a/b+c:
          postgresql://u:a:b@db/d           | jdbc:postgresql://db/d             | u   | a:b
          postgresql://u:%C3%A9@db/d        | jdbc:postgresql://db/d             | u   | é
          postgresql://u:p@my_db:5432/d     | jdbc:postgresql://my_db:5432/d     | u   | p
          postgresql://u:p@one:1,two_b:2/d  | jdbc:postgresql://one:1,two_b:2/d  | u   | p
          postgresql://u:p@one,two:2/d      | jdbc:postgresql://one,two:2/d      | u   | p
          postgresql://u:p@[::1]:5432/d     | jdbc:postgresql://[::1]:5432/d     | u   | p
          postgresql://[fe80::1],[::1]:2/d  | jdbc:postgresql://[fe80::1],[::1]:2/d | '' | ''
          postgresql://u:p@127.0.0.1/a+b    | jdbc:postgresql://127.0.0.1/a%2Bb  | u   | p
          postgresql://u:p@db/d?sslmode=require&targetServerType=primary | jdbc:postgresql://db/d?sslmode=require&targetServerType=primary | u | p
          postgresql://db?user=u&password=p | jdbc:postgresql://db/?user=u&password=p | '' | ''
          jdbc:postgresql://db/d?user=u&password=p | jdbc:postgresql://db/d?user=u&password=p | '' | ''
          jdbc:postgresql://u:p%40@db:1/d   | jdbc:postgresql://db:1/d           | u   | p@
          jdbc:postgresql://a_b:1,c:2/d     | jdbc:postgresql://a_b:1,c:2/d      | ''  | ''
          jdbc:postgresql://db              | jdbc:postgresql://db/              | ''  | ''
          jdbc:postgresql:///d              | jdbc:postgresql:///d               | ''  | ''
          jdbc:postgresql:d                 | jdbc:postgresql:d                  | ''  | ''
          """)
  void everyFormBecomesAUrlThatTheDriverReads(
      String url, String jdbcUrl, String user, String password) {
    assertThat(DatabaseUrl.parse(url)).isEqualTo(new DatabaseUrl(jdbcUrl, user, password));
    assertThat(Driver.parseURL(jdbcUrl, null)).isNotNull();
    assertThat(DatabaseUrl.fault(url)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          mysql://u:secret@db/d           | it has another form; reserved characters of user and password are percent-encoded
          secret                          | it has another form; reserved characters of user and password are percent-encoded
          postgresql://u:sec@ret@db/d     | it has another form; reserved characters of user and password are percent-encoded
          postgresql://u:secret/@db/d     | it has another form; reserved characters of user and password are percent-encoded
          postgresql://u:secret?@db/d     | a port is not a whole number from 1 to 65535
          postgresql://u:secret@/d        | a host is missing
          postgresql://u:secret@:5432/d   | a host is missing
          postgresql://u:secret@a,,b/d    | a host is missing
          postgresql://u:secret@a,/d      | a host is missing
          postgresql://u:secret@a b/d     | it contains a blank, a line break, an apostrophe or a brace: percent-encode it
          postgresql://u:sec${PATH}@a/d   | it contains a blank, a line break, an apostrophe or a brace: percent-encode it
          postgresql://u:sec'ret@a/d     | it contains a blank, a line break, an apostrophe or a brace: percent-encode it
          postgresql://u:secret@d!b/d     | a host is neither a name nor an address
          postgresql://u:secret@::1/d     | a host is missing
          postgresql://u:secret@db:/d     | a port is not a whole number from 1 to 65535
          postgresql://u:secret@db:0/d    | a port is not a whole number from 1 to 65535
          postgresql://u:secret@db:65536/d | a port is not a whole number from 1 to 65535
          postgresql://u:secret@a:1,b:x/d | a port is not a whole number from 1 to 65535
          postgresql://u:secret%zz@db/d   | the password cannot be percent-decoded
          postgresql://u:secret%FF@db/d   | the password cannot be percent-decoded
          postgresql://secret%@db/d       | the user cannot be percent-decoded
          postgresql://db/d?password=secret%z | the parameters cannot be percent-decoded
          jdbc:postgresql://db:x/d?password=secret | a port is not a whole number from 1 to 65535
          """)
  void aFaultIsNamedWithItsVariableAndWithoutTheValue(String url, String fault) {
    String message =
        "DATABASE_URL must be postgresql://user:password@host:port/database or"
            + " jdbc:postgresql:…: "
            + fault;
    assertThat(DatabaseUrl.fault(url)).contains(message);
    assertThatThrownBy(() -> DatabaseUrl.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message)
        .hasNoCause();
    assertThat(message).doesNotContain("secret");
  }

  @Test
  void aLineBreakAtItsEndIsAFault() {
    assertThat(DatabaseUrl.fault("postgresql://u:p@db/d\n"))
        .hasValueSatisfying(fault -> assertThat(fault).contains("a line break"));
  }

  @Test
  void anEmptyValueMeansNoDatabase() {
    assertThat(DatabaseUrl.fault("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://u:hidden@db/d?x=1",
        "postgresql://db/d?x=1&password=hidden",
        "jdbc:postgresql://u:hidden@db/d?sslpassword=hidden&x=1",
        "jdbc:postgresql:d?password=hidden"
      })
  void itIsPrintedWithoutThePassword(String url) {
    assertThat(DatabaseUrl.parse(url).toString())
        .startsWith("jdbc:postgresql:")
        .doesNotContain("hidden");
  }

  @Test
  void parametersOfTheUrlOverrideTheSettingsOfASession() {
    DatabaseUrl url = DatabaseUrl.parse("postgresql://u:p@db/d?prepareThreshold=7&password=other");
    Properties settings = new DatabaseSession(url, "test", Duration.ofSeconds(9)).settings();
    assertThat(settings)
        .containsEntry("prepareThreshold", "0")
        .containsEntry("socketTimeout", "9")
        .containsEntry("password", "p");

    Properties effective = Driver.parseURL(url.jdbcUrl(), settings);

    assertThat(effective.getProperty("prepareThreshold")).isEqualTo("7");
    assertThat(effective.getProperty("password")).isEqualTo("other");
    assertThat(effective.getProperty("socketTimeout")).isEqualTo("9");
  }
}
