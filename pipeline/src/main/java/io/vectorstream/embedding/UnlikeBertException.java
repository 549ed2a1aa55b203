package io.vectorstream.embedding;

import java.io.IOException;

/** The failure that an ONNX file is not a plain BERT. */
final class UnlikeBertException extends IOException {
  private static final long serialVersionUID = 1L;

  UnlikeBertException(String what) {
    super("the ONNX file is not a plain BERT in fp32, whose weights could be read: " + what);
  }
}
