package io.vectorstream.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * The answers to requests that the server refuses before the API sees them, such as a request that
 * is not HTTP or has too large headers: they are problem documents as well.
 */
final class RefusedByServer extends ErrorHandler {

  @Override
  public boolean errorPageForMethod(String method) {
    return true;
  }

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int status,
      String message,
      Throwable cause,
      Callback callback) {
    String path = path(request);
    Problem problem =
        status >= Status.UNEXPECTED && cause != null
            ? Failures.unexpected(cause, path)
            : Problem.of(new RequestException(status, detail(status, message)), path);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.TYPE);
    response.write(true, ByteBuffer.wrap(Json.printable(problem)), callback);
  }

  /** Returns an empty path if the server could not read it, instead of the server's name. */
  private static String path(Request request) {
    String path = request.getHttpURI() == null ? null : request.getHttpURI().getPath();
    return path == null || path.equals("/badMessage") ? "" : path;
  }

  private static String detail(int status, String message) {
    if (status == Status.TOO_LARGE) {
      return Failures.TOO_LARGE;
    }
    return message == null || message.equals(Status.title(status))
        ? "this request cannot be read"
        : "this request cannot be read: " + message;
  }
}
