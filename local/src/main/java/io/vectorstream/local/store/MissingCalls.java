package io.vectorstream.local.store;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.vectorstream.store.EncodedMessage;

/**
 * The calls that the store does not answer, each refused by its name: those of its services that it
 * leaves out, and those of services that it does not have.
 */
final class MissingCalls extends HandlerRegistry implements ServerInterceptor {

  private static Status refused(String method) {
    return Status.UNIMPLEMENTED.withDescription("The call " + method + Refusal.HINT);
  }

  /** Names the call where a generated service refuses one that is left out, in gRPC's words. */
  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String method = call.getMethodDescriptor().getFullMethodName();
    return next.startCall(
        new SimpleForwardingServerCall<Q, A>(call) {
          @Override
          public void close(Status status, Metadata trailers) {
            boolean leftOut =
                status.getCode() == Status.Code.UNIMPLEMENTED
                    && ("Method " + method + " is unimplemented").equals(status.getDescription());
            super.close(leftOut ? refused(method) : status, trailers);
          }
        },
        headers);
  }

  @Override
  public ServerMethodDefinition<?, ?> lookupMethod(String method, String authority) {
    MethodDescriptor<byte[], byte[]> descriptor =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNKNOWN)
            .setFullMethodName(method)
            .setRequestMarshaller(new EncodedMessage())
            .setResponseMarshaller(new EncodedMessage())
            .build();
    return ServerMethodDefinition.create(
        descriptor,
        (call, headers) -> {
          call.close(refused(method), new Metadata());
          return new ServerCall.Listener<>() {};
        });
  }
}
