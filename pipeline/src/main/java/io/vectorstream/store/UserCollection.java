package io.vectorstream.store;

import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.vectorstream.config.Settings;
import io.vectorstream.merge.UserState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The users that are stored, read and written many at a time. */
public final class UserCollection {

  private final VectorStore store;
  private final String collection;

  public UserCollection(Settings.Qdrant settings) {
    this.store = VectorStore.shared(settings);
    this.collection = settings.collections().users();
  }

  /** What is known of these users, by their ids; who is not stored is not in the map. */
  public Map<String, UserState> states(List<String> userIds) {
    Map<String, UserState> states = new HashMap<>();
    List<RetrievedPoint> points =
        store.ask(
            client ->
                client.retrieveAsync(
                    collection,
                    userIds.stream().map(PointIds::point).toList(),
                    WithPayloadSelectorFactory.enable(true),
                    WithVectorsSelectorFactory.enable(true),
                    null));
    for (RetrievedPoint point : points) {
      UserState state = UserPoints.state(point);
      states.put(state.userId(), state);
    }
    return states;
  }

  /**
   * Writes users and waits until they are acknowledged.
   *
   * @param model the model whose vectors their interests are made of
   */
  public void store(List<UserState> states, String model) {
    UpsertPoints upsert =
        UpsertPoints.newBuilder()
            .setCollectionName(collection)
            .setWait(true)
            .addAllPoints(states.stream().map(state -> UserPoints.point(state, model)).toList())
            .build();
    store.ask(client -> client.upsertAsync(upsert));
  }
}
