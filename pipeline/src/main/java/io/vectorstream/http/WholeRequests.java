package io.vectorstream.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * A handler that passes on requests only when their bodies are complete, so that no thread waits
 * for a client that sends one slowly. Jetty's own {@code EagerContentHandler} keeps a buffer of
 * some kilobytes for each piece that comes in, however small; here pieces are copied.
 */
final class WholeRequests extends Handler.Wrapper {
  private final Connections connections;
  private final int largestBody;

  /**
   * @param largestBody bytes; a larger one is refused with 413
   */
  WholeRequests(Connections connections, int largestBody) {
    this.connections = connections;
    this.largestBody = largestBody;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    boolean hasBody =
        request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    if (!hasBody) {
      connections.of(request).hasSent();
      return super.handle(request, response, callback);
    }
    new Body(request, response, callback).read(false);
    return true;
  }

  private void handOn(Request request, Response response, Callback callback) {
    try {
      connections.of(request).hasSent();
      if (!super.handle(request, response, callback)) {
        Response.writeError(request, response, callback, Status.NOT_FOUND);
      }
    } catch (Throwable e) {
      // In the same way, Jetty handles the exceptions of a handler.
      Response.writeError(request, response, callback, e);
    }
  }

  /** The received part of a body. */
  private final class Body implements Invocable.Task {
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private Body(Request request, Response response, Callback callback) {
      this.request = request;
      this.response = response;
      this.callback = callback;
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }

    /** Reads when more of the body has arrived. */
    @Override
    public void run() {
      read(true);
    }

    /**
     * @param elsewhere whether this thread must not do the request's work
     */
    private void read(boolean elsewhere) {
      while (true) {
        Content.Chunk chunk = request.read();
        if (chunk == null) {
          request.demand(this);
          return;
        }
        if (Content.Chunk.isFailure(chunk)) {
          Response.writeError(request, response, callback, Status.BAD_REQUEST);
          return;
        }
        boolean isLast = chunk.isLast();
        copy(chunk);
        if (bytes.size() > largestBody) {
          Response.writeError(request, response, callback, Status.TOO_LARGE);
          return;
        }
        if (isLast) {
          Runnable rest = () -> handOn(new Whole(request, bytes), response, callback);
          if (elsewhere) {
            request.getContext().execute(rest);
          } else {
            rest.run();
          }
          return;
        }
      }
    }

    private void copy(Content.Chunk chunk) {
      ByteBuffer piece = chunk.getByteBuffer();
      byte[] copy = new byte[piece.remaining()];
      piece.get(copy);
      bytes.writeBytes(copy);
      chunk.release();
    }
  }

  /** A request whose body is complete. */
  private static final class Whole extends Request.Wrapper {
    private Content.Chunk next;

    private Whole(Request request, ByteArrayOutputStream body) {
      super(request);
      this.next = Content.Chunk.from(ByteBuffer.wrap(body.toByteArray()), true);
    }

    @Override
    public Content.Chunk read() {
      Content.Chunk chunk = next;
      next = Content.Chunk.EOF;
      return chunk;
    }

    @Override
    public void demand(Runnable demandCallback) {
      // The body is complete, so there is always something to read.
      demandCallback.run();
    }
  }
}
