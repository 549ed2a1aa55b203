package io.vectorstream.store;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.qdrant.client.grpc.Points.CountPoints;
import io.qdrant.client.grpc.Points.GetPoints;
import io.qdrant.client.grpc.Points.ReadConsistency;
import io.qdrant.client.grpc.Points.ReadConsistencyType;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.WriteOrdering;
import io.qdrant.client.grpc.Points.WriteOrderingType;
import io.vectorstream.config.Replication;
import java.time.Duration;
import java.util.Locale;

/**
 * An interceptor that sets the write ordering of every call that writes and, where it is wanted,
 * the read consistency of every call that reads points by their ids or page by page, unless the
 * call sets its own.
 *
 * <p>Qdrant answers a read of a majority only while it can reach every copy. When it cannot, calls
 * ask for a quorum for a while: one copy more than half, which have to agree. {@link AgreedReads}
 * decides whether a point is missing from an answer because copies disagree about it.
 */
final class ConsistentCalls implements ClientInterceptor {

  private static final long RELAXED_NANOS = Duration.ofMinutes(1).toNanos();

  private static final ReadConsistency MAJORITY = typed(ReadConsistencyType.Majority);
  private static final ReadConsistency QUORUM = typed(ReadConsistencyType.Quorum);

  private final WriteOrdering ordering;
  private final ReadConsistency reads;
  private volatile long copyAwayAt = System.nanoTime() - RELAXED_NANOS;

  /**
   * @param readsToWriteBack whether points are read to be written back, so that copies have to
   *     agree about them
   */
  ConsistentCalls(Replication settings, boolean readsToWriteBack) {
    this.ordering = WriteOrdering.newBuilder().setType(type(settings.writeOrdering())).build();
    this.reads = readsToWriteBack ? consistency(settings.readConsistency()) : null;
  }

  private static ReadConsistency typed(ReadConsistencyType type) {
    return ReadConsistency.newBuilder().setType(type).build();
  }

  private static ReadConsistency consistency(String setting) {
    return switch (setting) {
      case "all" -> typed(ReadConsistencyType.All);
      case "majority" -> MAJORITY;
      case "quorum" -> QUORUM;
      default -> ReadConsistency.newBuilder().setFactor(Integer.parseInt(setting)).build();
    };
  }

  static WriteOrderingType type(Replication.WriteOrdering ordering) {
    String name = ordering.name();
    return WriteOrderingType.valueOf(name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT));
  }

  /** Returns whether copies have to agree about what is read. */
  boolean asksSeveralCopies() {
    return reads != null && (reads.hasType() || reads.getFactor() > 1);
  }

  private ReadConsistency current() {
    boolean relaxed = System.nanoTime() - copyAwayAt < RELAXED_NANOS;
    return relaxed && reads.equals(MAJORITY) ? QUORUM : reads;
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      private volatile boolean byMajority;

      @Override
      public void start(Listener<A> listener, Metadata headers) {
        super.start(
            new SimpleForwardingClientCallListener<>(listener) {
              @Override
              public void onClose(Status status, Metadata trailers) {
                if (byMajority && isCopyAway(status)) {
                  copyAwayAt = System.nanoTime();
                }
                super.onClose(status, trailers);
              }
            },
            headers);
      }

      @Override
      @SuppressWarnings("unchecked") // A message with one field more has the same type.
      public void sendMessage(Q message) {
        if (message instanceof Message request) {
          Message complete = complete(request);
          byMajority = asksMajority(complete);
          super.sendMessage((Q) complete);
        } else {
          super.sendMessage(message);
        }
      }
    };
  }

  /**
   * Returns the request with the fields that it lacks. Builds without the check for required
   * fields, which would go through every point: the request was complete before.
   */
  private Message complete(Message request) {
    FieldDescriptor writing = request.getDescriptorForType().findFieldByName("ordering");
    if (writing != null
        && writing.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        && writing.getMessageType().equals(WriteOrdering.getDescriptor())
        && !request.hasField(writing)) {
      return request.toBuilder().setField(writing, ordering).buildPartial();
    }
    if (reads != null
        && (request instanceof GetPoints
            || request instanceof ScrollPoints
            || request instanceof CountPoints)) {
      FieldDescriptor reading = request.getDescriptorForType().findFieldByName("read_consistency");
      if (!request.hasField(reading)) {
        return request.toBuilder().setField(reading, current()).buildPartial();
      }
    }
    return request;
  }

  private static boolean asksMajority(Message request) {
    return request instanceof GetPoints get && get.getReadConsistency().equals(MAJORITY)
        || request instanceof ScrollPoints scroll && scroll.getReadConsistency().equals(MAJORITY)
        || request instanceof CountPoints count && count.getReadConsistency().equals(MAJORITY);
  }

  private static boolean isCopyAway(Status status) {
    String description = String.valueOf(status.getDescription());
    return status.getCode() == Status.Code.DEADLINE_EXCEEDED
        || description.contains("does not have enough active replicas")
        || description.contains("read operations failed");
  }
}
