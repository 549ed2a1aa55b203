package io.vectorstream.local.store;

import io.qdrant.client.grpc.JsonWithInt.Value;

/** Something with named values: a stored payload, still encoded, or an object within one. */
interface Fields {

  /** The value under this key at the top level, or null when the key is absent. */
  Value get(String key);
}
