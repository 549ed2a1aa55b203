package io.vectorstream.config;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.io.Serializable;

/**
 * The way in which Qdrant keeps collections that are created: Qdrant's own terms, see its
 * documentation of collections, indexing and quantization.
 *
 * @param eventShards shards of events; 0 leaves it to {@link #eventShards(int, int)}
 * @param onDiskPayload whether payloads are read from the disk when they are needed
 * @param onDiskVectors whether vectors of products and users are, too
 * @param hnswM links of a product in the graph that searches follow; 0: no graph
 * @param hnswEfConstruct candidates looked at when a product gets its links
 * @param quantization of the vectors of products, for searches
 */
public record Layout(
    @Min(0) @Max(10_000) int eventShards,
    boolean onDiskPayload,
    boolean onDiskVectors,
    @Min(0) @Max(512) int hnswM,
    @Min(4) @Max(10_000) int hnswEfConstruct,
    @NotNull Quantization quantization)
    implements Serializable {

  /** The shards of events for each node, where the settings do not say. */
  private static final int EVENT_SHARDS_OF_A_NODE = 2;

  /** The form of vectors that a search compares first. */
  public enum Quantization {
    NONE,
    /** A byte for each number; the best found are compared once more, as they are. */
    INT8
  }

  /**
   * Returns the number of shards of events.
   *
   * @param ofAll shards of each collection, as the settings say; 0 if they do not
   * @param nodes of the server
   */
  public int eventShards(int ofAll, int nodes) {
    if (eventShards > 0) {
      return eventShards;
    }
    return ofAll > 0 ? ofAll : EVENT_SHARDS_OF_A_NODE * nodes;
  }
}
