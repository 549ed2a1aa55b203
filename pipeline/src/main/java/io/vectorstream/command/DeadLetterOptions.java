package io.vectorstream.command;

import io.vectorstream.event.DeadLetterFilter;
import io.vectorstream.event.PointInTime;
import io.vectorstream.event.Reason;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that select dead letters; a picocli mixin. */
final class DeadLetterOptions {

  @Option(
      names = "--reason",
      paramLabel = "REASON",
      split = ",",
      converter = Reasons.class,
      completionCandidates = Reasons.class,
      description =
          "Only of this reason: ${COMPLETION-CANDIDATES}. Several with commas between, or by giving"
              + " it again.")
  private List<Reason> reasons = List.of();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = Moment.class,
      description =
          "Only those that failed at or after this: 2026-01-31T10:00:00Z, or back from now as in"
              + " 30m, 2h, 7d.")
  private Instant since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = Moment.class,
      description = "Only those that failed before this; as --since.")
  private Instant until;

  @Option(
      names = "--partition",
      paramLabel = "N",
      description = "Only records of this partition of the topic they were read from.")
  private Integer partition;

  @Option(
      names = "--from-offset",
      paramLabel = "N",
      description = "Only records at this offset or after it, in the topic they were read from.")
  private Long fromOffset;

  @Option(
      names = "--to-offset",
      paramLabel = "N",
      description = "Only records at this offset or before it, in the topic they were read from.")
  private Long toOffset;

  /**
   * @throws IllegalArgumentException if no dead letter could match
   */
  DeadLetterFilter filter() {
    notNegative("--partition", partition);
    notNegative("--from-offset", fromOffset);
    notNegative("--to-offset", toOffset);
    if (fromOffset != null && toOffset != null && fromOffset > toOffset) {
      throw new IllegalArgumentException(
          "--from-offset %d is after --to-offset %d".formatted(fromOffset, toOffset));
    }
    if (since != null && until != null && !since.isBefore(until)) {
      throw new IllegalArgumentException(
          "--since %s is not before --until %s".formatted(since, until));
    }
    return new DeadLetterFilter(
        Set.copyOf(reasons),
        Optional.ofNullable(since),
        Optional.ofNullable(until),
        partition == null ? OptionalInt.empty() : OptionalInt.of(partition),
        optional(fromOffset),
        optional(toOffset));
  }

  private static OptionalLong optional(Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  private static void notNegative(String option, Number value) {
    if (value != null && value.longValue() < 0) {
      throw new IllegalArgumentException(option + " is " + value + ", expected 0 or more");
    }
  }

  static final class Moment implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
      try {
        return PointInTime.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** A converter that reads a reason by its code, as it is in the dead letter's header. */
  static final class Reasons implements ITypeConverter<Reason>, Iterable<String> {
    @Override
    public Reason convert(String text) {
      return Arrays.stream(Reason.values())
          .filter(reason -> reason.code().equals(text.strip()))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'%s' is not a reason; expected one of %s"
                          .formatted(text, codes().collect(Collectors.joining(", ")))));
    }

    @Override
    public Iterator<String> iterator() {
      return codes().iterator();
    }

    private static Stream<String> codes() {
      return Arrays.stream(Reason.values()).map(Reason::code);
    }
  }
}
