package io.vectorstream.http;

import io.swagger.v3.oas.annotations.media.Schema;
import io.vectorstream.event.DeadLetterFilter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The body of a replay: the dead letters, and how to replay them. An absent filter matches all. */
record ReplayRequest(
    @Schema(description = "Only of these reasons.") List<String> reason,
    @Schema(description = "Only those that failed at this time or after it: ISO-8601, or 2h.")
        String since,
    @Schema(description = "Only those that failed before this time: ISO-8601, or 2h.") String until,
    @Schema(description = "Only records of this partition of the topic they were read from.")
        Integer partition,
    @Schema(description = "Only records at this offset or after it.") Long fromOffset,
    @Schema(description = "Only records at this offset or before it.") Long toOffset,
    @Schema(
            description =
                "Where to send them: kafka.topic, kafka.products_topic, or a topic of"
                    + " kafka.replay_topics. Without it: where each came from, and only if that is"
                    + " one of the first two for all of them.")
        String toTopic,
    @Schema(description = "Also those that were replayed before.") Boolean again,
    @Schema(description = "Say what would be replayed, and do nothing.") Boolean dryRun) {

  boolean wantsAgain() {
    return again != null && again;
  }

  boolean wantsDryRun() {
    return dryRun != null && dryRun;
  }

  /**
   * @throws RequestException with every problem
   */
  DeadLetterFilter filter() {
    Map<String, String> texts = new HashMap<>();
    if (reason != null && !reason.isEmpty()) {
      texts.put("reason", String.join(",", reason));
    }
    texts.put("since", since);
    texts.put("until", until);
    texts.put("partition", partition == null ? null : partition.toString());
    texts.put("from_offset", fromOffset == null ? null : fromOffset.toString());
    texts.put("to_offset", toOffset == null ? null : toOffset.toString());
    texts.values().removeIf(text -> text == null);
    return DeadLetterParameters.of(Request.of(DeadLetterParameters.ALL, texts));
  }
}
