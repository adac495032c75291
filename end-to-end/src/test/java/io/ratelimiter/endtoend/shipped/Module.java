package io.ratelimiter.endtoend.shipped;

import java.util.Arrays;
import java.util.Optional;

/** One of the two services, by the folder of its module. */
enum Module {
  LIMITER("limiter-service"),
  AUDITOR("stream-auditor");

  private final String folder;

  Module(String folder) {
    this.folder = folder;
  }

  String folder() {
    return folder;
  }

  /** The service in the name of an image or a Dockerfile. */
  static Optional<Module> namedIn(String text) {
    return Arrays.stream(values()).filter(module -> text.contains(module.folder)).findFirst();
  }
}
