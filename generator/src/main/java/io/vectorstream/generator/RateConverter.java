package io.vectorstream.generator;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A converter of events per second, or {@code max}. */
final class RateConverter implements ITypeConverter<Double> {

  @Override
  public Double convert(String value) {
    if (value.equals("max")) {
      return Double.POSITIVE_INFINITY;
    }
    try {
      double rate = Double.parseDouble(value);
      if (rate > 0 && rate < Double.POSITIVE_INFINITY) {
        return rate;
      }
    } catch (NumberFormatException e) {
      // The exception below says so.
    }
    throw new TypeConversionException(
        "'" + value + "' is not a rate; expected events per second above 0, or max");
  }
}
