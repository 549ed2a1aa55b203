package io.vectorstream.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import io.vectorstream.event.IncomingRecord;

/**
 * The record that is mapped, and the elements of its arrays that the present event is made of.
 *
 * @param elements the JSON as a whole, then an element of each array
 * @param indexes of these elements
 */
record Scope(IncomingRecord record, JsonNode[] elements, int[] indexes) {

  Scope(IncomingRecord record, JsonNode json, int depth) {
    this(record, new JsonNode[depth + 1], new int[depth]);
    elements[0] = json;
  }

  void enter(int array, int index, JsonNode element) {
    elements[array + 1] = element;
    indexes[array] = index;
  }

  JsonNode value(FieldPath path) {
    return path.value(elements[path.depth()]);
  }
}
