package io.vectorstream.process;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A call over HTTP whose timeout is that of the whole answer. The client's own one ends with the
 * answer's headers (JDK-8208693), so that a body which never ends would be waited for for ever.
 */
public final class HttpCall {

  private HttpCall() {}

  /**
   * Sends a request, which must have a timeout, and returns the answer with its body.
   *
   * @throws HttpTimeoutException if the answer is not complete in time
   * @throws IOException if there is none for another cause
   */
  public static <T> HttpResponse<T> send(
      HttpClient client, HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException, InterruptedException {
    Duration timeout = request.timeout().orElseThrow();
    CompletableFuture<HttpResponse<T>> answer = client.sendAsync(request, handler);
    try {
      return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new HttpTimeoutException(
          "no complete answer within %d ms".formatted(timeout.toMillis()));
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } finally {
      // Ends the exchange of a call that was given up; nothing after the answer.
      answer.cancel(true);
    }
  }
}
