package io.ratelimiter.service.rules.live;

import io.ratelimiter.runtime.Faults;
import io.ratelimiter.service.rules.definition.StoredRule;
import io.ratelimiter.service.rules.definition.StoredRuleSet;
import io.ratelimiter.service.rules.json.RuleJsonReader;
import io.ratelimiter.service.rules.json.RuleJsonWriter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The last good rule set on disk: a line with the SHA-256 of the rest, then JSON. A new set is
 * written to a second file, which replaces the first once it is on the disk, so there is always a
 * complete one. Rules are written and read one by one, since there may be a hundred thousand;
 * metadata is left out.
 */
final class SnapshotFile {

  private static final Logger log = LoggerFactory.getLogger(SnapshotFile.class);

  private static final int FORMAT = 1;
  private static final int CHECKSUM_CHARACTERS = 64;

  private final Path file;
  private final JsonMapper mapper =
      JsonMapper.builder()
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private final RuleJsonWriter writer = new RuleJsonWriter();

  SnapshotFile(Path file) {
    this.file = file.toAbsolutePath();
  }

  /** Stores this set; a set that cannot be stored is logged and changes nothing. */
  void write(StoredRuleSet set) {
    try {
      Path newFile = file.resolveSibling(file.getFileName() + ".new");
      Files.createDirectories(Optional.ofNullable(file.getParent()).orElse(file));
      write(set, newFile);
      Files.move(
          newFile, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | RuntimeException e) {
      log.warn("The rules cannot be written to {}: {}", file, e.toString());
    }
  }

  private void write(StoredRuleSet set, Path newFile) throws IOException {
    MessageDigest checksum = Sha256.digest();
    try (FileChannel channel =
        FileChannel.open(
            newFile,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      channel.position(CHECKSUM_CHARACTERS + 1L);
      OutputStream body =
          new DigestOutputStream(
              new BufferedOutputStream(Channels.newOutputStream(channel)), checksum);
      writeBody(set, body);
      body.flush();
      String line = HexFormat.of().formatHex(checksum.digest()) + "\n";
      channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)), 0);
      channel.force(true);
    }
  }

  private void writeBody(StoredRuleSet set, OutputStream to) {
    try (JsonGenerator out = mapper.createGenerator(to)) {
      out.writeStartObject();
      out.writeNumberProperty("format", FORMAT);
      out.writeNumberProperty("revision", set.revision());
      out.writeStringProperty("stamp", set.version().stamp());
      out.writeArrayPropertyStart("rules");
      set.rules().forEach(rule -> mapper.writeTree(out, writer.storedWithoutMetadata(rule)));
      out.writeEndArray();
      out.writeEndObject();
    }
  }

  /** The set that was stored last, if there is one and it is complete; a damaged one is logged. */
  Optional<StoredRuleSet> read() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      verifyChecksum();
      return Optional.of(parse());
    } catch (IOException | RuntimeException e) {
      log.warn("The rules in {} cannot be used: {}", file, Faults.inOneLine(e));
      return Optional.empty();
    }
  }

  private void verifyChecksum() throws IOException {
    MessageDigest checksum = Sha256.digest();
    try (InputStream content = new BufferedInputStream(Files.newInputStream(file))) {
      String line = firstLine(content);
      new DigestInputStream(content, checksum).transferTo(OutputStream.nullOutputStream());
      if (!line.equals(HexFormat.of().formatHex(checksum.digest()) + "\n")) {
        throw new IOException("its checksum is wrong");
      }
    }
  }

  private static String firstLine(InputStream content) throws IOException {
    return new String(content.readNBytes(CHECKSUM_CHARACTERS + 1), StandardCharsets.US_ASCII);
  }

  private StoredRuleSet parse() throws IOException {
    long revision = 0;
    String stamp = "";
    List<StoredRule> rules = new ArrayList<>();
    try (InputStream content = new BufferedInputStream(Files.newInputStream(file))) {
      firstLine(content);
      try (JsonParser parser = mapper.createParser(content)) {
        parser.nextToken();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          switch (name) {
            case "revision" -> revision = parser.getLongValue();
            case "stamp" -> stamp = parser.getString();
            case "rules" -> parseRules(parser, rules);
            default -> parser.skipChildren();
          }
        }
      }
    }
    return new StoredRuleSet(new StoredRuleSet.Version(revision, stamp), rules);
  }

  private void parseRules(JsonParser parser, List<StoredRule> into) {
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      into.add(rule(mapper.readTree(parser)));
    }
  }

  private static StoredRule rule(JsonNode json) {
    return new StoredRule(
        json.get("id").longValue(),
        RuleJsonReader.readWritten(json),
        json.get("revision").longValue(),
        // Absent from files of earlier versions, in which every rule has epoch 0.
        json.path("counter_epoch").asLong(0),
        Instant.parse(json.get("created_at").stringValue()),
        Instant.parse(json.get("updated_at").stringValue()));
  }
}
