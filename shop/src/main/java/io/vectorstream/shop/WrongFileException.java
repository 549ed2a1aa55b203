package io.vectorstream.shop;

/** The failure of a file that is no catalogue; the message goes on behind the file's name. */
final class WrongFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WrongFileException(String message) {
    super(message);
  }
}
