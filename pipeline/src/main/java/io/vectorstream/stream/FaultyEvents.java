package io.vectorstream.stream;

import io.vectorstream.embedding.EmbeddingException;
import io.vectorstream.event.DeadLetter;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.merge.EventShare;
import io.vectorstream.store.Isolated;
import io.vectorstream.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The isolation of single events that would make their batch fail. Steps run for many events at
 * once, without special care. Only after a failure are the events tried one by one, and those for
 * which the step fails again become dead letters.
 */
final class FaultyEvents {

  private static final Logger log = LoggerFactory.getLogger(FaultyEvents.class);

  private final Consumer<DeadLetter> deadLetters;
  private boolean told;

  FaultyEvents(Consumer<DeadLetter> deadLetters) {
    this.deadLetters = deadLetters;
  }

  /**
   * A call to the store, and the elements that it is about.
   *
   * @param call null if no element is left
   */
  record Chunk<T, A>(List<T> things, CompletableFuture<A> call) {}

  /**
   * Applies a step to each event; leaves out the events for which it fails.
   *
   * @param step the step's name, such as "counting it"
   */
  <T> List<T> without(String step, List<ShopEvent> events, Function<ShopEvent, T> work) {
    List<T> made = new ArrayList<>(events.size());
    for (ShopEvent event : events) {
      try {
        made.add(work.apply(event));
      } catch (RuntimeException e) {
        putAside(event, step, e);
      }
    }
    return made;
  }

  /**
   * Begins a call about all of these elements, without those for which that fails.
   *
   * @param event returns the event of an element
   * @param trial fails for a single element if it makes the call fail; sends nothing
   * @param begin makes the request and sends it; a failure of the call itself is not handled here
   */
  <T, A> Chunk<T, A> begin(
      String step,
      List<T> things,
      Function<T, ShopEvent> event,
      Consumer<T> trial,
      Function<List<T>, CompletableFuture<A>> begin) {
    try {
      return new Chunk<>(things, begin.apply(things));
    } catch (StoreException | EmbeddingException e) {
      throw e;
    } catch (RuntimeException e) {
      List<T> sound = new ArrayList<>(things.size());
      for (T thing : things) {
        try {
          trial.accept(thing);
          sound.add(thing);
        } catch (RuntimeException alone) {
          putAside(event.apply(thing), step, alone);
        }
      }
      if (sound.size() == things.size()) {
        throw e;
      }
      return new Chunk<>(sound, sound.isEmpty() ? null : begin.apply(sound));
    }
  }

  /**
   * Finds the events that the store takes among events that it has refused together: it is asked
   * about each half of them, and of each half that it refuses. The store may refuse everything,
   * because of another problem; then no event becomes a dead letter.
   *
   * @param othersTaken whether it takes other events like these at present; called if it takes none
   * @param store sends some of them, and returns when they are acknowledged
   * @param refusal the store's answer about all of them
   * @throws StoreException the refusal, if it takes none
   */
  List<EventShare> withoutRefused(
      List<EventShare> shares,
      BooleanSupplier othersTaken,
      Consumer<List<EventShare>> store,
      StoreException refusal) {
    Isolated<EventShare> isolated = Isolated.of(shares, refusal, store);
    if (isolated.taken().isEmpty() && !othersTaken.getAsBoolean()) {
      throw refusal;
    }
    isolated.refused().forEach((share, why) -> putAside(share.event(), "storing it", why));
    return isolated.taken();
  }

  private void putAside(ShopEvent event, String step, RuntimeException fault) {
    log.warn(
        "the record at offset {} of partition {} becomes a dead letter, because {} fails: {}",
        event.offset(),
        event.partition(),
        step,
        fault.toString(),
        // The stack trace is logged once: there may be as many failures as records.
        told ? null : fault);
    told = true;
    deadLetters.accept(DeadLetter.of(event, step, fault));
  }
}
