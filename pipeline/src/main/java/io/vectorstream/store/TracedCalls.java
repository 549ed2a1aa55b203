package io.vectorstream.store;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.WireFormat;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.MethodDescriptor;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.vectorstream.config.HostPort;
import io.vectorstream.config.Settings;
import io.vectorstream.trace.StoreCall;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * An interceptor that tells a traced call what its request asks of the server: the operation, the
 * collection, and the number of points. Of what the points contain nothing goes into a trace.
 */
final class TracedCalls implements ClientInterceptor {

  /** Qdrant's name of the field, in the requests that are about one collection. */
  private static final String COLLECTION = "collection_name";

  private final List<HostPort> nodes;

  TracedCalls(Settings.Qdrant settings) {
    this.nodes = settings.nodes();
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    StoreCall call = StoreCall.current();
    if (!call.isTraced()) {
      return next.newCall(method, options);
    }
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void sendMessage(Q request) {
        if (request instanceof Message message) {
          call.asks(operation(method), collection(message), points(message));
        } else if (request instanceof byte[] upsert) {
          asks(call, upsert);
        }
        if (nodes.size() == 1) {
          call.asks(nodes.get(0).host(), nodes.get(0).port());
        }
        super.sendMessage(request);
      }
    };
  }

  /** Returns Qdrant's name of the operation, such as Upsert, or Collections/Get. */
  private static String operation(MethodDescriptor<?, ?> method) {
    return "qdrant.Points".equals(method.getServiceName())
        ? method.getBareMethodName()
        : method.getFullMethodName().replaceFirst("^qdrant\\.", "");
  }

  private static String collection(Message request) {
    FieldDescriptor name = request.getDescriptorForType().findFieldByName(COLLECTION);
    return name == null ? "" : (String) request.getField(name);
  }

  /** Returns how many points a request names, itself or in its parts; 0 for none. */
  private static long points(Message request) {
    long points = 0;
    for (Map.Entry<FieldDescriptor, Object> field : request.getAllFields().entrySet()) {
      String name = field.getKey().getName();
      boolean isList = field.getKey().isRepeated();
      if (isList && (name.equals("points") || name.equals("ids"))) {
        points += request.getRepeatedFieldCount(field.getKey());
      } else if (isList && name.equals("operations")) {
        for (Object operation : (List<?>) field.getValue()) {
          points += points((Message) operation);
        }
      } else if (!isList && field.getValue() instanceof Message part) {
        points += points(part);
      }
    }
    return points;
  }

  /** Reads the fields of an upsert that {@link EncodedUpsert}, or one like it, has encoded. */
  private static void asks(StoreCall call, byte[] upsert) {
    String collection = "";
    long points = 0;
    CodedInputStream fields = CodedInputStream.newInstance(upsert);
    try {
      for (int tag = fields.readTag(); tag != 0; tag = fields.readTag()) {
        int field = WireFormat.getTagFieldNumber(tag);
        if (field == UpsertPoints.COLLECTION_NAME_FIELD_NUMBER) {
          collection = fields.readStringRequireUtf8();
          continue;
        }
        if (field == UpsertPoints.POINTS_FIELD_NUMBER) {
          points++;
        }
        fields.skipField(tag);
      }
    } catch (IOException e) {
      // The server refuses it as well; a trace must not be what stops a call.
      points = 0;
    }
    call.asks(operation(EncodedUpsert.METHOD), collection, points);
  }
}
