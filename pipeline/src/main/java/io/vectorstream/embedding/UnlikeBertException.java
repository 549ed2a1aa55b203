package io.vectorstream.embedding;

import java.io.IOException;

/** An ONNX file is not the plain BERT that it was read as. */
final class UnlikeBertException extends IOException {
  private static final long serialVersionUID = 1L;

  UnlikeBertException(String what) {
    super("the ONNX file is not a plain BERT in fp32, whose weights could be read: " + what);
  }
}
