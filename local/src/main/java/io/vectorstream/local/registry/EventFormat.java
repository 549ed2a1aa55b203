package io.vectorstream.local.registry;

/** The formats in which events are sent. */
public enum EventFormat {
  /** As they are. */
  JSON,
  /** JSON compressed by gzip. */
  GZIP,
  /** Avro behind the frame of a schema registry. */
  AVRO,
  /** Protobuf likewise. */
  PROTOBUF,
  /** JSON with a JSON Schema likewise. */
  JSON_SCHEMA,
  /** Structured CloudEvents. */
  CLOUDEVENTS,
  /** CloudEvents in binary mode, whose attributes are headers. */
  CLOUDEVENTS_BINARY
}
