package io.vectorstream.store;

import com.google.common.collect.AbstractIterator;
import com.google.common.collect.Iterators;
import com.google.common.collect.PeekingIterator;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The division of a stream into lists for one call to the store each. The lists are limited in
 * length and in size, because servers refuse large messages.
 */
public final class Chunks {

  /** The most characters of text in a call: at most 12 MB in UTF-8, where Qdrant takes 32. */
  public static final long LARGEST = 4 << 20;

  private Chunks() {}

  /**
   * @param count the most elements in a list
   * @param size characters of one element; a list has at most {@link #LARGEST} of them, or one
   *     element
   */
  public static <T> Iterator<List<T>> of(Iterator<T> things, int count, ToLongFunction<T> size) {
    PeekingIterator<T> left = Iterators.peekingIterator(things);
    return new AbstractIterator<>() {
      @Override
      protected List<T> computeNext() {
        if (!left.hasNext()) {
          return endOfData();
        }
        List<T> chunk = new ArrayList<>();
        long characters = 0;
        do {
          characters += size.applyAsLong(left.peek());
          chunk.add(left.next());
        } while (left.hasNext()
            && chunk.size() < count
            && characters + size.applyAsLong(left.peek()) <= LARGEST);
        return chunk;
      }
    };
  }
}
