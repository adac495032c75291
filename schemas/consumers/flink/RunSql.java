import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.ResultKind;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;

/**
 * Runs files of Flink SQL within this JVM and prints the results of their queries, which change with
 * each record. Arguments: the broker, the files; with {@code --once} first it stops at the present
 * end of the topics.
 */
final class RunSql {

  private final TableEnvironment flink =
      TableEnvironment.create(EnvironmentSettings.inStreamingMode());

  public static void main(String[] arguments) throws Exception {
    boolean once = arguments[0].equals("--once");
    int broker = once ? 1 : 0;
    for (int i = broker + 1; i < arguments.length; i++) {
      String sql = Files.readString(Path.of(arguments[i])).replaceAll("(?m)^--.*$", "");
      sql = sql.replace("localhost:19092", arguments[broker]);
      new RunSql().run(once ? sql.replace("WITH (", "WITH ('scan.bounded.mode' = 'latest-offset',") : sql);
    }
  }

  private void run(String sql) {
    flink.getConfig().set("parallelism.default", "1");
    for (String statement : sql.split(";")) {
      if (statement.strip().startsWith("SET")) {
        String[] quoted = statement.split("'");
        flink.getConfig().set(quoted[1], quoted[3]);
      } else if (!statement.isBlank()) {
        TableResult result = flink.executeSql(statement);
        if (result.getResultKind() == ResultKind.SUCCESS_WITH_CONTENT) {
          result.print();
        }
      }
    }
  }
}
