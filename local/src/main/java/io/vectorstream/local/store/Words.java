package io.vectorstream.local.store;

import io.qdrant.client.grpc.JsonWithInt.Value;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Text by its words, in lower case: how a field with a text index is matched. */
final class Words {

  private static final Pattern BETWEEN = Pattern.compile("[^\\p{L}\\p{N}]+");

  private Words() {}

  private static List<String> of(String text) {
    return BETWEEN
        .splitAsStream(text.toLowerCase(Locale.ROOT))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  static Predicate<Value> all(String text) {
    List<String> wanted = of(text);
    return value ->
        value.hasStringValue()
            && !wanted.isEmpty()
            && new HashSet<>(of(value.getStringValue())).containsAll(wanted);
  }

  static Predicate<Value> any(String text) {
    Set<String> wanted = new HashSet<>(of(text));
    return value ->
        value.hasStringValue() && !Collections.disjoint(wanted, of(value.getStringValue()));
  }

  static Predicate<Value> phrase(String text) {
    List<String> wanted = of(text);
    return value ->
        value.hasStringValue()
            && !wanted.isEmpty()
            && Collections.indexOfSubList(of(value.getStringValue()), wanted) >= 0;
  }
}
