package io.vectorstream.http;

import io.swagger.v3.oas.models.media.StringSchema;
import io.vectorstream.event.DeadLetterFilter;
import io.vectorstream.event.PointInTime;
import io.vectorstream.event.Reason;
import io.vectorstream.http.Problem.WrongParameter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** The parameters that select dead letters: the same in a query and in the body of a replay. */
final class DeadLetterParameters {
  private static final Parameter<List<Reason>> REASON =
      Parameter.choices("reason", Reason.class, "Only of these reasons, with commas between.");
  private static final Parameter<Instant> SINCE =
      time("since", "Only those that failed at this time or after it.");
  private static final Parameter<Instant> UNTIL =
      time("until", "Only those that failed before this time.");
  private static final Parameter<Integer> PARTITION =
      Parameter.number(
          "partition",
          0,
          Integer.MAX_VALUE,
          "Only records of this partition of the topic they were read from.");
  private static final Parameter<Long> FROM_OFFSET =
      Parameter.offset(
          "from_offset", "Only records at this offset or after it, in the topic they came from.");
  private static final Parameter<Long> TO_OFFSET =
      Parameter.offset(
          "to_offset", "Only records at this offset or before it, in the topic they came from.");

  static final List<Parameter<?>> ALL =
      List.of(REASON, SINCE, UNTIL, PARTITION, FROM_OFFSET, TO_OFFSET);

  private DeadLetterParameters() {}

  private static Parameter<Instant> time(String name, String description) {
    return Parameter.query(
        name,
        description + " 2026-01-31T10:00:00Z, or back from now as in 30m, 2h, 7d.",
        StringSchema::new,
        text -> {
          try {
            return PointInTime.parse(text);
          } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                "is %s; expected ISO-8601 with an offset such as 2026-01-31T10:00:00Z, or how far back such as 30m, 2h, 7d"
                    .formatted(Parameter.shown(text)),
                e);
          }
        });
  }

  /**
   * @throws RequestException if no dead letter could match
   */
  static DeadLetterFilter of(Request request) {
    Optional<Instant> since = request.find(SINCE);
    Optional<Instant> until = request.find(UNTIL);
    Optional<Long> from = request.find(FROM_OFFSET);
    Optional<Long> to = request.find(TO_OFFSET);
    List<WrongParameter> errors = new ArrayList<>();
    if (since.isPresent() && until.isPresent() && !since.get().isBefore(until.get())) {
      errors.add(
          new WrongParameter(SINCE.name(), "is %s; expected before until".formatted(since.get())));
    }
    if (from.isPresent() && to.isPresent() && from.get() > to.get()) {
      errors.add(
          new WrongParameter(
              FROM_OFFSET.name(), "is %d; expected to_offset or less".formatted(from.get())));
    }
    if (!errors.isEmpty()) {
      throw new RequestException(errors);
    }
    return new DeadLetterFilter(
        request.find(REASON).map(Set::copyOf).orElse(Set.of()),
        since,
        until,
        request.find(PARTITION).map(OptionalInt::of).orElseGet(OptionalInt::empty),
        optional(from),
        optional(to));
  }

  private static OptionalLong optional(Optional<Long> value) {
    return value.map(OptionalLong::of).orElseGet(OptionalLong::empty);
  }
}
