package io.vectorstream.http;

import io.javalin.http.HttpStatus;

/** The statuses that the API answers with besides 200, and their meaning there. */
final class Status {
  static final int BAD_REQUEST = 400;
  static final int UNAUTHORIZED = 401;
  static final int FORBIDDEN = 403;
  static final int NOT_FOUND = 404;
  static final int METHOD_NOT_ALLOWED = 405;
  static final int CONFLICT = 409;
  static final int TOO_LARGE = 413;
  static final int UNSUPPORTED_MEDIA_TYPE = 415;
  static final int TOO_MANY_REQUESTS = 429;
  static final int UNEXPECTED = 500;
  static final int UNAVAILABLE = 503;

  private Status() {}

  static String title(int status) {
    return HttpStatus.forStatus(status).getMessage();
  }
}
