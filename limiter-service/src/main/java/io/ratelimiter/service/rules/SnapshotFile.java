package io.ratelimiter.service.rules;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The last good rule set on disk: a line with the SHA-256 of the rest, then JSON. Written to a file
 * beside it that takes its place once it is on the disk, so there is always a whole one.
 */
final class SnapshotFile {

  private static final Logger log = LoggerFactory.getLogger(SnapshotFile.class);

  private static final int FORMAT = 1;

  private final Path file;
  private final JsonMapper mapper = new JsonMapper();
  private final RuleJsonWriter writer = new RuleJsonWriter();

  SnapshotFile(Path file) {
    this.file = file.toAbsolutePath();
  }

  /** Keeps this set; one that cannot be kept is told in the log and changes nothing. */
  void write(StoredRuleSet set) {
    try {
      byte[] body = body(set);
      Path beside = file.resolveSibling(file.getFileName() + ".new");
      Files.createDirectories(Optional.ofNullable(file.getParent()).orElse(file));
      Files.write(beside, (Sha256.hex(body) + "\n").getBytes(StandardCharsets.US_ASCII));
      Files.write(beside, body, StandardOpenOption.APPEND);
      force(beside);
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      log.warn("Rules are not kept in {}: {}", file, e.toString());
    }
  }

  private static void force(Path written) throws IOException {
    try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Written rule by rule: there may be a hundred thousand. */
  private byte[] body(StoredRuleSet set) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (JsonGenerator out = mapper.createGenerator(body)) {
      out.writeStartObject();
      out.writeNumberProperty("format", FORMAT);
      out.writeNumberProperty("revision", set.revision());
      out.writeStringProperty("stamp", set.version().stamp());
      out.writeArrayPropertyStart("rules");
      set.rules().forEach(rule -> mapper.writeTree(out, writer.stored(rule)));
      out.writeEndArray();
      out.writeEndObject();
    }
    return body.toByteArray();
  }

  /**
   * The set that was kept last, if there is one and it is whole; a damaged one is told in the log.
   */
  Optional<StoredRuleSet> read() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse(Files.readAllBytes(file)));
    } catch (IOException | RuntimeException e) {
      log.warn("The rules in {} cannot be used: {}", file, Faults.inOneLine(e));
      return Optional.empty();
    }
  }

  private StoredRuleSet parse(byte[] content) throws IOException {
    String text = new String(content, StandardCharsets.UTF_8);
    int lineEnd = text.indexOf('\n');
    String body = text.substring(lineEnd + 1);
    if (lineEnd < 0
        || !Sha256.hex(body.getBytes(StandardCharsets.UTF_8)).equals(text.substring(0, lineEnd))) {
      throw new IOException("its checksum is wrong");
    }
    JsonNode json = mapper.readTree(body);
    List<StoredRule> rules = new ArrayList<>();
    json.path("rules").forEach(rule -> rules.add(rule(rule)));
    return new StoredRuleSet(
        new StoredRuleSet.Version(
            json.get("revision").longValue(), json.get("stamp").stringValue()),
        rules);
  }

  private static StoredRule rule(JsonNode json) {
    return new StoredRule(
        json.get("id").longValue(),
        RuleJsonReader.readWritten(json),
        json.get("revision").longValue(),
        // Absent from a file of an earlier version, whose rules all counted in the first epoch.
        json.path("counter_epoch").asLong(0),
        Instant.parse(json.get("created_at").stringValue()),
        Instant.parse(json.get("updated_at").stringValue()));
  }
}
