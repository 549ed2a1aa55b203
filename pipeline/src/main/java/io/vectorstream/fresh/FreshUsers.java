package io.vectorstream.fresh;

import io.vectorstream.config.Settings;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.fresh.MergedOffsets.Age;
import io.vectorstream.fresh.Overlay.View;
import io.vectorstream.merge.Decay;
import io.vectorstream.merge.Deltas;
import io.vectorstream.merge.TextVectors;
import io.vectorstream.merge.UserDelta;
import io.vectorstream.merge.UserState;
import io.vectorstream.shop.EventType;
import io.vectorstream.store.ForgetRegister;
import io.vectorstream.store.ForgottenUsers;
import io.vectorstream.store.UserCollection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Users as the next batch will store them: their events that no batch has merged are added by the
 * batch's own arithmetic.
 */
final class FreshUsers {

  /** The events of a user that are added; a shared id or a robot's may have more. */
  private static final int EVENTS = 1_000;

  /** The time for embedding new texts while a user waits. */
  private static final Duration EMBEDDING = Duration.ofMillis(100);

  private final Settings.Interest settings;
  private final Overlay overlay;
  private final HeldEvents held;
  private final UserCollection store;
  private final ForgetRegister register;
  private final FreshTexts texts;

  FreshUsers(
      Settings.Interest settings,
      Overlay overlay,
      HeldEvents held,
      UserCollection store,
      ForgetRegister register,
      FreshTexts texts) {
    this.settings = settings;
    this.overlay = overlay;
    this.held = held;
    this.store = store;
    this.register = register;
    this.texts = texts;
  }

  FreshUser user(String userId) {
    return overlay.answer(
        overlay.ofUser(userId, EVENTS), view -> user(userId, view), FreshUser::asStored);
  }

  private Optional<FreshUser> user(String userId, View view) {
    UserState stored = store.states(List.of(userId)).get(userId);
    if (stored == null && isForgotten(userId)) {
      return Optional.empty();
    }
    Age age = stored == null ? Age.BEFORE : view.age(stored.batch());
    List<ShopEvent> events =
        view.withoutRepeats(
            view.events().stream().filter(one -> view.isMissing(one.event(), age)).toList());
    if (events.isEmpty()) {
      return Optional.empty();
    }
    Deltas deltas = new Deltas(settings);
    events.forEach(deltas::add);
    if (deltas.users().isEmpty()) {
      // The user was forgotten meanwhile.
      return Optional.empty();
    }
    UserState before = stored == null ? UserState.unknown(userId) : stored;
    UserDelta delta = deltas.users().iterator().next();
    TextVectors products = texts.ofProducts(deltas.products(), EMBEDDING);
    TextVectors queries = texts.ofQueries(delta.queries(), EMBEDDING);
    UserState after =
        before
            .plus(
                delta,
                products,
                queries,
                new Decay(settings.halfLife()),
                settings.lastProducts(),
                Freshness.MARK)
            .withPendingAtMost(settings.pendingTexts());
    boolean embedded =
        deltas.products().stream()
                .noneMatch(
                    product ->
                        product.textsByHash().keySet().stream()
                            .anyMatch(text -> products.isWaiting(product.productId(), text)))
            && delta.queries().stream().noneMatch(queries::isWaiting);
    return Optional.of(
        new FreshUser(
            Optional.of(after),
            products(view, event -> event.type() == EventType.PURCHASE),
            products(view, event -> event.product() != null),
            Freshness.of(events, view.isComplete() && embedded)));
  }

  /** Returns the products of these events in memory: that of a copy counts, too. */
  private static Set<String> products(View view, Predicate<ShopEvent> which) {
    return view.events().stream()
        .map(Held::event)
        .filter(which)
        .map(event -> event.product().id())
        .collect(Collectors.toSet());
  }

  private boolean isForgotten(String userId) {
    ForgottenUsers forgotten = register.current();
    held.forget(forgotten);
    return forgotten.contains(userId);
  }
}
