package io.ratelimiter.endtoend;

import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.Locale;

/** Window size and colour scheme of the browser. */
enum Viewport {
  LIGHT(1280, ColorScheme.LIGHT),
  DARK(1280, ColorScheme.DARK),
  PHONE(390, ColorScheme.LIGHT);

  private final int width;
  private final ColorScheme colours;

  Viewport(int width, ColorScheme colours) {
    this.width = width;
    this.colours = colours;
  }

  /** In CSS pixels. */
  int width() {
    return width;
  }

  ColorScheme colours() {
    return colours;
  }

  /** File of a view's screenshot. */
  Path picture(String view) {
    return Path.of("target", "screenshots", view + "-" + name().toLowerCase(Locale.ROOT) + ".png");
  }
}
