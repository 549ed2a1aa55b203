package io.vectorstream.http;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;

/**
 * A handler that sends answers once they are complete, so that no thread waits until a client reads
 * one. An answer is in memory until then, the largest some megabytes; {@link Connections} bounds
 * all of them.
 */
final class WholeAnswers extends Handler.Wrapper {
  /** The bytes that are sent in one write: Java copies them once more, outside of the heap. */
  private static final int PIECE = 64 << 10;

  private final Connections connections;

  WholeAnswers(Connections connections) {
    this.connections = connections;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    WholeAnswer answer = new WholeAnswer(request, response, connections.of(request), callback);
    boolean isHandled = false;
    try {
      isHandled = super.handle(request, answer, answer);
      return isHandled;
    } finally {
      if (!isHandled) {
        // Jetty itself answers.
        answer.client.hasTaken();
      }
    }
  }

  private static final class WholeAnswer extends Response.Wrapper implements Callback {
    private final Connections.Client client;
    private final Callback callback;
    private final Deque<ByteBuffer> pieces = new ArrayDeque<>();
    private long length;
    private boolean isBegun;
    private boolean isWhole;

    private WholeAnswer(
        Request request, Response response, Connections.Client client, Callback callback) {
      super(request, response);
      this.client = client;
      this.callback = callback;
    }

    @Override
    public void write(boolean last, ByteBuffer bytes, Callback written) {
      isBegun = true;
      isWhole |= last;
      if (BufferUtil.hasContent(bytes)) {
        length += bytes.remaining();
        while (bytes.hasRemaining()) {
          ByteBuffer piece = ByteBuffer.allocate(Math.min(PIECE, bytes.remaining()));
          BufferUtil.put(bytes, piece);
          pieces.add(piece.flip());
        }
      }
      written.succeeded();
    }

    @Override
    public boolean isCommitted() {
      return isBegun || super.isCommitted();
    }

    @Override
    public boolean hasLastWrite() {
      return isWhole || super.hasLastWrite();
    }

    /** Sends the complete answer without blocking this thread. */
    @Override
    public void succeeded() {
      client.mayTake(length);
      if (length > 0 && !getHeaders().contains(HttpHeader.CONTENT_LENGTH)) {
        getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
      }
      new Sending().iterate();
    }

    @Override
    public void failed(Throwable failure) {
      client.hasTaken();
      callback.failed(failure);
    }

    private void send(ByteBuffer piece, Callback sent) {
      super.write(pieces.isEmpty(), piece, sent);
    }

    private final class Sending extends IteratingCallback {
      private boolean isSent;

      @Override
      protected Action process() {
        client.takes();
        if (isSent) {
          return Action.SUCCEEDED;
        }
        ByteBuffer piece = pieces.isEmpty() ? BufferUtil.EMPTY_BUFFER : pieces.remove();
        isSent = pieces.isEmpty();
        send(piece, this);
        return Action.SCHEDULED;
      }

      @Override
      protected void onCompleteSuccess() {
        client.hasTaken();
        callback.succeeded();
      }

      @Override
      protected void onCompleteFailure(Throwable failure) {
        failed(failure);
      }
    }
  }
}
