package io.vectorstream.mapping;

import com.google.common.escape.Escaper;
import com.google.common.escape.Escapers;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The ids of mapped events: the same for the same record, each time it is mapped. An id is made of
 * the parts that the mapping names and, for each array whose elements are taken one by one, of the
 * element's place in it: {@code order-17/0}. Where the last part comes from within an element, that
 * part stands for it, and its place does not count.
 */
final class EventIds implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final String BETWEEN = "/";

  private static final Escaper ESCAPED =
      Escapers.builder().addEscape('/', "%2F").addEscape('%', "%25").build();

  private final Expression parts;
  private final AbsentValues absent;

  EventIds(Expression parts, AbsentValues absent) {
    this.parts = parts;
    this.absent = absent;
  }

  /**
   * @param isKept whether it is the same when the record is sent again
   */
  record EventId(String text, boolean isKept) {}

  /** Returns the id; null if a part of it is missing. */
  EventId of(Scope scope) {
    List<Expression.Found> found = parts.findAll(scope, absent);
    if (found == null) {
      return null;
    }
    boolean isKept = true;
    List<String> all = new ArrayList<>(found.size() + scope.indexes().length);
    for (Expression.Found part : found) {
      isKept &= !(part.source() instanceof Source.Position || part.source() instanceof Source.Time);
      all.add(Coercion.wholeText(part.value()));
    }
    FieldPath last = found.get(found.size() - 1).source().path();
    for (int i = last == null ? 0 : last.depth(); i < scope.indexes().length; i++) {
      all.add(Integer.toString(scope.indexes()[i]));
    }
    return new EventId(all.size() == 1 ? all.get(0) : joined(all), isKept);
  }

  /** Joins texts so that no other texts give the same result. */
  private static String joined(List<String> parts) {
    StringBuilder joined = new StringBuilder();
    for (String part : parts) {
      joined.append(joined.isEmpty() ? "" : BETWEEN).append(ESCAPED.escape(part));
    }
    return joined.toString();
  }
}
