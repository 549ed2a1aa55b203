package io.vectorstream.format;

import java.nio.ByteBuffer;

/** The decoder of values with a JSON Schema: what is in the frame is JSON. It is not validated. */
final class JsonSchemaDecoder implements SchemaDecoder {

  @Override
  public byte[] decode(ByteBuffer framed) {
    byte[] json = new byte[framed.remaining()];
    framed.get(json);
    return json;
  }
}
