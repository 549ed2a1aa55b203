package io.vectorstream.embedding;

/**
 * The failure that a server that embeds does not answer, or not as expected. It is about no text:
 * the same texts may be embedded later.
 */
public final class ServerAwayException extends EmbeddingException {
  private static final long serialVersionUID = 1L;

  ServerAwayException(String message, Throwable cause) {
    super(message, cause);
  }
}
