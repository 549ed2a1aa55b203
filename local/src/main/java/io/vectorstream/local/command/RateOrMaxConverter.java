package io.vectorstream.local.command;

import io.vectorstream.local.run.Rate;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A converter of events per second, or {@code max}. */
final class RateOrMaxConverter implements ITypeConverter<Rate> {

  @Override
  public Rate convert(String text) {
    try {
      return Rate.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
