package io.ratelimiter.localstack;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The class path of the Kafka server, selected from this JVM's class path.
 *
 * <p>The build lists the artifacts that this module needs at run time. Tests of other modules have
 * more jars, which are left out: two logging bindings, for example, would stop the server.
 */
final class KafkaClassPath {

  private static final Pattern JAR = Pattern.compile("(?<artifact>.+?)-\\d[^/]*\\.jar");

  private KafkaClassPath() {}

  /** A value for {@code java -cp}: the jars and this module's own classes. */
  static String value() {
    Set<String> wanted = wantedArtifacts();
    Stream<Path> jars = jars().filter(jar -> wanted.contains(artifact(jar)));
    return Stream.concat(jars, Stream.of(ownClasses()))
        .distinct()
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Set<String> wantedArtifacts() {
    try (InputStream in = KafkaClassPath.class.getResourceAsStream("kafka-server-jars.txt")) {
      String list =
          new String(
              Objects.requireNonNull(in, "kafka-server-jars.txt: made by the build").readAllBytes(),
              StandardCharsets.UTF_8);
      return Stream.of(list.strip().split(","))
          .map(entry -> entry.substring(entry.indexOf('/') + 1).replace(".jar", ""))
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All jars, found by their manifests: {@code java.class.path} lacks some under test runners. */
  private static Stream<Path> jars() {
    try {
      List<URL> manifests =
          Collections.list(
              KafkaClassPath.class.getClassLoader().getResources("META-INF/MANIFEST.MF"));
      return manifests.stream()
          .filter(url -> url.getProtocol().equals("jar"))
          .map(KafkaClassPath::jar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path jar(URL manifest) {
    try {
      return Path.of(((JarURLConnection) manifest.openConnection()).getJarFileURL().toURI());
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("a jar without a file: " + manifest, e);
    }
  }

  private static String artifact(Path jar) {
    Matcher name = JAR.matcher(String.valueOf(jar.getFileName()));
    return name.matches() ? name.group("artifact") : "";
  }

  private static Path ownClasses() {
    try {
      URI location =
          KafkaClassPath.class.getProtectionDomain().getCodeSource().getLocation().toURI();
      return Path.of(location);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
