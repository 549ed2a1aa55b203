package io.vectorstream.local.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Locale;

/**
 * The number of events offered per second.
 *
 * @param perSecond above 0; infinite: as many as the pipeline sustains
 */
public record Rate(double perSecond) {

  public static final Rate MAX = new Rate(Double.POSITIVE_INFINITY);

  public Rate {
    if (!(perSecond > 0)) {
      throw new IllegalArgumentException("the rate must be above 0, but is " + perSecond);
    }
  }

  /**
   * @param text a number above 0, or {@code max}
   * @throws IllegalArgumentException when it is neither
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Rate parse(String text) {
    if (text.equalsIgnoreCase("max")) {
      return MAX;
    }
    try {
      double perSecond = Double.parseDouble(text);
      if (perSecond > 0 && Double.isFinite(perSecond)) {
        return new Rate(perSecond);
      }
    } catch (NumberFormatException e) {
      // The exception below says so.
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not a rate; expected events per second, such as 1000, or max");
  }

  public boolean isMax() {
    return Double.isInfinite(perSecond);
  }

  @Override
  public String toString() {
    return isMax()
        ? "as many events as it sustains"
        : String.format(Locale.ROOT, "%,.0f events/s", perSecond);
  }
}
