package io.vectorstream.reports.page;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * A chart for {@code report.js} to draw.
 *
 * @param id of its element on the page
 * @param label a description for readers who cannot see it
 * @param isHorizontal whether the first axis runs downwards, as for bars with long names
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Chart(
    String id,
    String label,
    Axis x,
    Axis y,
    List<Series> series,
    List<Mark> marks,
    boolean isHorizontal) {

  enum Scale {
    LINEAR,
    LOG,
    /** Names from {@link Axis#categories}; a point's x is the index of one. */
    CATEGORY,
    /** As HdrHistogram draws it: 1 / (1 - share), logarithmic, with the percentiles as labels. */
    PERCENTILE
  }

  /** The format of numbers. */
  enum Format {
    NUMBER,
    MILLISECONDS,
    PERCENT
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Axis(String name, Scale scale, Format format, List<String> categories) {
    static Axis linear(String name, Format format) {
      return new Axis(name, Scale.LINEAR, format, null);
    }

    static Axis log(String name, Format format) {
      return new Axis(name, Scale.LOG, format, null);
    }

    static Axis categories(String name, List<String> categories) {
      return new Axis(name, Scale.CATEGORY, Format.NUMBER, categories);
    }

    static Axis percentiles() {
      return new Axis("percentile", Scale.PERCENTILE, Format.NUMBER, null);
    }
  }

  enum Shape {
    LINE,
    BAR,
    POINTS
  }

  /**
   * @param stack series with the same name are stacked; null for none
   * @param tone a colour of the page: {@code good}, {@code bad}, {@code quiet}; null for the next
   *     one of the palette
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Series(String name, Shape shape, String stack, String tone, List<Point> points) {
    Series {
      points = points.stream().filter(point -> Double.isFinite(point.y())).toList();
    }

    static Series line(String name, List<Point> points) {
      return new Series(name, Shape.LINE, null, null, points);
    }

    static Series bars(String name, List<Point> points) {
      return new Series(name, Shape.BAR, null, null, points);
    }

    static Series points(String name, List<Point> points) {
      return new Series(name, Shape.POINTS, null, null, points);
    }

    Series stacked(String on) {
      return new Series(name, shape, on, tone, points);
    }

    Series in(String colour) {
      return new Series(name, shape, stack, colour, points);
    }
  }

  /**
   * @param low where the error bar begins; null for none
   * @param text beside it; null for none
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Point(double x, double y, Double low, Double high, String text) {
    static Point of(double x, double y) {
      return new Point(x, y, null, null, null);
    }
  }

  /** A line across, such as a target. */
  record Mark(double at, String label) {}

  static Chart of(String id, String label, Axis x, Axis y, List<Series> series, Mark... marks) {
    return new Chart(
        id,
        label,
        x,
        y,
        series.stream().filter(each -> !each.points().isEmpty()).toList(),
        List.of(marks),
        false);
  }

  Chart horizontal() {
    return new Chart(id, label, x, y, series, marks, true);
  }
}
