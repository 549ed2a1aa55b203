package io.vectorstream.config;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.io.Serializable;

/**
 * The number of copies that a Qdrant of several nodes keeps, and how many of them a call asks.
 *
 * @param readConsistency {@code all}, {@code majority}, {@code quorum} or how many copies have to
 *     agree about a point that is read to be written back
 * @param shardNumber of new collections; 0 leaves it to the server
 * @param replicationFactor copies in new collections; 0 leaves it to the server
 * @param writeConsistencyFactor copies that must have taken a write, in new collections; 0 leaves
 *     it to the server
 */
public record Replication(
    @Pattern(
            regexp = "all|majority|quorum|[1-9]\\d{0,2}",
            message = "must be all, majority, quorum or a number of copies from 1 on")
        String readConsistency,
    @NotNull WriteOrdering writeOrdering,
    @Min(0) @Max(10_000) int shardNumber,
    @Min(0) @Max(100) int replicationFactor,
    @Min(0) @Max(100) int writeConsistencyFactor)
    implements Serializable {

  /** The node that orders writes, see Qdrant's documentation of write ordering. */
  public enum WriteOrdering {
    WEAK,
    MEDIUM,
    STRONG
  }

  /** Returns how many copies, of this number, a read asks that have to agree. */
  public int copiesRead(int copies) {
    return switch (readConsistency) {
      case "all" -> copies;
      case "majority", "quorum" -> copies / 2 + 1;
      default -> Math.min(copies, Integer.parseInt(readConsistency));
    };
  }
}
