package io.ratelimiter.endtoend;

import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.Locale;

/** How somebody sees the page. */
enum Look {
  LIGHT(1280, ColorScheme.LIGHT),
  DARK(1280, ColorScheme.DARK),
  PHONE(390, ColorScheme.LIGHT);

  private final int width;
  private final ColorScheme colours;

  Look(int width, ColorScheme colours) {
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

  /** Where the picture of a view goes. */
  Path picture(String view) {
    return Path.of("target", "screenshots", view + "-" + name().toLowerCase(Locale.ROOT) + ".png");
  }
}
