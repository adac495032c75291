package io.ratelimiter.service.decisions;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A broker's certificate for localhost, created with the JDK's keytool.
 *
 * @param store PKCS #12 with certificate and key
 * @param pem the certificate alone, for clients that trust it
 */
record BrokerCertificate(Path store, Path pem) {

  static final String PASSWORD = "changeit";

  static BrokerCertificate in(Path folder) throws IOException, InterruptedException {
    Path store = folder.resolve("broker.p12");
    Path pem = folder.resolve("broker.pem");
    keytool(
        store,
        "-genkeypair",
        "-keyalg",
        "RSA",
        "-dname",
        "CN=localhost",
        "-ext",
        "san=dns:localhost,ip:127.0.0.1",
        "-storetype",
        "PKCS12");
    keytool(store, "-exportcert", "-rfc", "-file", pem.toString());
    return new BrokerCertificate(store, pem);
  }

  private static void keytool(Path store, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        Stream.of(
                Stream.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()),
                Stream.of(arguments),
                Stream.of("-alias", "broker", "-keystore", store.toString()),
                Stream.of("-storepass", PASSWORD))
            .flatMap(part -> part)
            .toList();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IllegalStateException(output);
    }
  }
}
