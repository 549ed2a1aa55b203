package io.vectorstream.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What the store takes and refuses, one by one, of things that it has refused together.
 *
 * @param refused with the store's answer about each, in their order
 */
public record Isolated<T>(List<T> taken, Map<T, StoreException> refused) {

  /**
   * Asks the store about each half of the things, and of each half that it refuses.
   *
   * @param store sends some of them, and returns when they are acknowledged
   * @param refusal the store's answer about all of them
   */
  public static <T> Isolated<T> of(
      List<T> things, StoreException refusal, Consumer<List<T>> store) {
    Isolated<T> isolated = new Isolated<>(new ArrayList<>(things.size()), new LinkedHashMap<>());
    isolated.halve(things, refusal, store);
    return isolated;
  }

  private void halve(List<T> things, StoreException refusal, Consumer<List<T>> store) {
    if (things.size() == 1) {
      refused.put(things.get(0), refusal);
      return;
    }
    int middle = things.size() / 2;
    for (List<T> half : List.of(things.subList(0, middle), things.subList(middle, things.size()))) {
      try {
        store.accept(half);
        taken.addAll(half);
      } catch (StoreException e) {
        if (!e.isInvalidContent()) {
          throw e;
        }
        halve(half, e, store);
      }
    }
  }
}
