package io.ratelimiter.load.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A bar chart as SVG: each category has one bar per series, from 0 to the median, with a whisker
 * from min to max.
 */
public final class Chart {

  private static final List<String> COLORS =
      List.of("#4878a8", "#d08030", "#58a058", "#a05080", "#808080");
  private static final int WIDTH = 720;
  private static final int HEIGHT = 300;
  private static final int LEFT = 70;
  private static final int TOP = 50;
  private static final int BOTTOM = 60;

  private final String title;
  private final String unit;
  private final List<String> series;
  private final List<String> categories = new ArrayList<>();
  private final List<List<@Nullable Spread>> values = new ArrayList<>();

  /**
   * Creates an empty chart.
   *
   * @param unit of every value
   * @param series names, up to five
   */
  public Chart(String title, String unit, List<String> series) {
    this.title = title;
    this.unit = unit;
    this.series = series;
  }

  /** Adds a category with one value per series; null for no value. */
  public Chart add(String category, List<? extends @Nullable Spread> ofSeries) {
    categories.add(category);
    values.add(new ArrayList<>(ofSeries));
    return this;
  }

  /** Returns the SVG document. */
  public String svg() {
    StringBuilder svg = new StringBuilder();
    line(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">"
            .formatted(WIDTH, HEIGHT));
    line(svg, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>".formatted(WIDTH, HEIGHT));
    text(svg, LEFT, 18, "start", title + ", " + unit);
    legend(svg);
    axis(svg);
    for (int i = 0; i < categories.size(); i++) {
      category(svg, i);
    }
    return svg.append("</svg>\n").toString();
  }

  private void legend(StringBuilder svg) {
    int x = LEFT;
    for (int i = 0; i < series.size(); i++) {
      line(
          svg,
          "<rect x=\"%d\" y=\"26\" width=\"10\" height=\"10\" fill=\"%s\"/>"
              .formatted(x, COLORS.get(i)));
      text(svg, x + 14, 35, "start", series.get(i));
      x += 30 + 7 * series.get(i).length();
    }
  }

  private void axis(StringBuilder svg) {
    for (int i = 0; i <= 4; i++) {
      double value = top() * i / 4;
      line(
          svg,
          "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>"
              .formatted(LEFT, WIDTH - 10, y(value), y(value)));
      text(svg, LEFT - 6, y(value) + 4, "end", number(value));
    }
  }

  private void category(StringBuilder svg, int index) {
    double room = (double) (WIDTH - LEFT - 10) / categories.size();
    double bar = room * 0.8 / series.size();
    double left = LEFT + index * room + room * 0.1;
    for (int i = 0; i < series.size(); i++) {
      Spread spread = values.get(index).get(i);
      if (spread != null && spread.counted() > 0) {
        bar(svg, new double[] {left + i * bar, bar * 0.9}, spread, COLORS.get(i));
      }
    }
    text(svg, left + room * 0.4, HEIGHT - BOTTOM + 32, "middle", categories.get(index));
  }

  private void bar(StringBuilder svg, double[] place, Spread spread, String color) {
    double middle = place[0] + place[1] / 2;
    line(
        svg,
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>"
            .formatted(place[0], y(spread.median()), place[1], y(0) - y(spread.median()), color));
    line(
        svg,
        "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#222\"/>"
            .formatted(middle, middle, y(spread.min()), y(spread.max())));
    text(svg, middle, HEIGHT - BOTTOM + 15, "middle", number(spread.median()));
  }

  private double top() {
    return 1.1
        * values.stream()
            .flatMap(List::stream)
            .filter(Objects::nonNull)
            .mapToDouble(Spread::max)
            .filter(Double::isFinite)
            .max()
            .orElse(1);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - value / top() * (HEIGHT - BOTTOM - TOP);
  }

  private static String number(double value) {
    return (value >= 1_000 ? "%,.0f" : value >= 10 ? "%.0f" : "%.2f").formatted(value);
  }

  private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
    line(
        svg,
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>".formatted(x, y, anchor, text));
  }

  private static void line(StringBuilder svg, String text) {
    svg.append(text).append('\n');
  }
}
