package io.vectorstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.local.Main;
import io.vectorstream.store.ModelCollections;
import io.vectorstream.store.ModelRegister;
import io.vectorstream.store.ModelState;
import io.vectorstream.store.ModelState.Phase;
import io.vectorstream.store.VectorStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The migration of a deployment to another model, by the commands that users have: to the bundled
 * one with fewer dimensions, whose vectors are others and cost nothing. Closing it deletes what is
 * left of it.
 */
public final class Migration implements AutoCloseable {

  /** What makes the bundled model another one. */
  public static final String NEW_MODEL = "embedding.dimensions=128";

  private final Services services;
  private final Deployment deployment;
  private final VectorStore store;

  public Migration(Services services, Deployment deployment) {
    this.services = services;
    this.deployment = deployment;
    this.store = VectorStore.connectForWork(deployment.settings().qdrant());
  }

  /** The result of a command. */
  public record Result(int status, String said) {}

  /** Runs a command about models with the deployment's settings. */
  public Result command(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    // Behind the arguments, whose first ones are the names of a command and its subcommand.
    deployment.given().forEach(setting -> all.addAll(List.of("--set", setting)));
    StringWriter said = new StringWriter();
    PrintWriter to = new PrintWriter(said);
    int status = Main.commandLine().setOut(to).setErr(to).execute(all.toArray(String[]::new));
    return new Result(status, said.toString());
  }

  /** Runs a command that has to succeed; returns what it has said. */
  public String run(String... arguments) {
    Result result = command(arguments);
    assertThat(result.status()).as(result.said()).isZero();
    return result.said();
  }

  /** Begins the migration, and returns at once. */
  public void begin() {
    run("model", "migrate", "--to", "bundled", "--set", NEW_MODEL, "--no-wait");
  }

  public ModelState state() {
    return new ModelRegister(store).find().orElseThrow();
  }

  public boolean isReady() {
    return state().phase() == Phase.READY;
  }

  /** Returns what is stored for a model. */
  public Stored stored(ModelCollections model) {
    return new Stored(
        services,
        deployment.settings().qdrant().collections().withVectors(model.products(), model.users()));
  }

  /** Returns whether no text waits for a model. */
  public boolean waitsForNothing(ModelCollections model) {
    try (Stored stored = stored(model)) {
      return stored.countPending() == 0;
    }
  }

  /** Returns whether no text waits for any model. */
  public boolean waitsForNothing() {
    ModelState state = state();
    return waitsForNothing(state.inUse()) && waitsForNothing(state.other());
  }

  /** Returns the number of events that the users of a model count. */
  public long counted(ModelCollections model) {
    try (Stored stored = stored(model)) {
      return stored.users().values().stream()
          .flatMap(user -> user.counts().values().stream())
          .mapToLong(Long::longValue)
          .sum();
    }
  }

  /** Returns the collections of the model that the deployment began with. */
  public static ModelCollections first(ModelState state) {
    return state.switched() ? state.other() : state.inUse();
  }

  /** Returns those of the other model. */
  public static ModelCollections second(ModelState state) {
    return state.switched() ? state.inUse() : state.other();
  }

  /** Checks all sums of both models against a recomputation. */
  public void assertBothExact(Collection<ObjectNode> sent) {
    assertBothExact(sent, Set.of());
  }

  /**
   * @param forgotten users of whom nothing may be stored
   */
  public void assertBothExact(Collection<ObjectNode> sent, Set<String> forgotten) {
    ModelState state = state();
    assertExact(first(state), deployment.settings(), sent, forgotten);
    assertExact(second(state), deployment.settings(NEW_MODEL), sent, forgotten);
  }

  /** Checks all sums of one model, whose settings are given. */
  public void assertExact(
      ModelCollections model,
      Settings settings,
      Collection<ObjectNode> sent,
      Set<String> forgotten) {
    try (Stored stored = stored(model)) {
      Recomputation expected = new Recomputation(settings, sent, stored.takenAt());
      StoreAssertions.assertProducts(
          stored.products(), expected.products(), EmbeddingService.shared(settings.embedding()));
      Map<String, Recomputation.User> users = new HashMap<>(expected.users());
      users.keySet().removeAll(forgotten);
      StoreAssertions.assertUsers(stored.users(), users);
    }
  }

  @Override
  public void close() {
    new ModelRegister(store).find().ifPresent(state -> state.collections().forEach(store::delete));
    store.close();
  }
}
