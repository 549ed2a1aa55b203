package io.vectorstream.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Collections.CollectionConfig;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.CollectionParams;
import io.qdrant.client.grpc.Collections.GetCollectionInfoRequest;
import io.qdrant.client.grpc.Collections.GetCollectionInfoResponse;
import io.qdrant.client.grpc.CollectionsGrpc.CollectionsImplBase;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.GetPoints;
import io.qdrant.client.grpc.Points.GetResponse;
import io.qdrant.client.grpc.Points.PointsOperationResponse;
import io.qdrant.client.grpc.Points.ReadConsistency;
import io.qdrant.client.grpc.Points.ReadConsistencyType;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.ScrollResponse;
import io.qdrant.client.grpc.Points.UpdateBatchPoints;
import io.qdrant.client.grpc.Points.UpdateBatchResponse;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.qdrant.client.grpc.Points.WriteOrderingType;
import io.qdrant.client.grpc.PointsGrpc.PointsImplBase;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls to a Qdrant of several nodes, and the interpretation of its answers. */
class ReplicatedQdrantTest {

  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private final List<GetPoints> asked = new CopyOnWriteArrayList<>();
  private final List<Object> other = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private volatile int copies = 3;
  private volatile boolean aCopyIsAway;

  /** The number of answers that leave the point out because its copies differ. */
  private volatile int disputes;

  private volatile boolean stored = true;
  private final Server first = server();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
    first.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
  }

  @Test
  void what_is_written_back_is_read_by_a_majority_and_written_in_order() throws Exception {
    VectorStore store = work();

    assertThat(retrieve(store)).hasSize(1);
    store.ask(c -> c.scrollAsync(ScrollPoints.newBuilder().setCollectionName("c").build()));
    store.ask(c -> c.upsertAsync(UpsertPoints.newBuilder().setCollectionName("c").build()));
    store.ask(
        c ->
            c.batchUpdateAsync(
                UpdateBatchPoints.newBuilder().setCollectionName("c").build(), null));

    assertThat(asked).extracting(GetPoints::getReadConsistency).containsOnly(typed("Majority"));
    ScrollPoints scroll = (ScrollPoints) other.get(0);
    assertThat(scroll.getReadConsistency()).isEqualTo(typed("Majority"));
    assertThat(((UpsertPoints) other.get(1)).getOrdering().getType())
        .isEqualTo(WriteOrderingType.Medium);
    assertThat(((UpdateBatchPoints) other.get(2)).getOrdering().getType())
        .isEqualTo(WriteOrderingType.Medium);
  }

  @Test
  void the_settings_decide_how_many_copies_agree_and_who_orders() {
    VectorStore store =
        work("qdrant.replication.read_consistency=2", "qdrant.replication.write_ordering=strong");

    retrieve(store);
    store.ask(c -> c.upsertAsync(UpsertPoints.newBuilder().setCollectionName("c").build()));

    assertThat(asked.get(0).getReadConsistency().getFactor()).isEqualTo(2);
    assertThat(((UpsertPoints) other.get(0)).getOrdering().getType())
        .isEqualTo(WriteOrderingType.Strong);
  }

  @Test
  void who_only_looks_asks_one_copy() {
    VectorStore store = opened(VectorStore.connect(settings()));

    retrieve(store);

    assertThat(asked).hasSize(1);
    assertThat(asked.get(0).hasReadConsistency()).isFalse();
  }

  @Test
  void events_are_written_in_the_same_order() throws Exception {
    Settings.Qdrant settings = settings("qdrant.replication.write_ordering=strong");
    opened.add(() -> VectorStore.closeShared(settings));

    byte[] upsert = new EventCollection(settings).upsert(List.of(), null, "q:1");

    assertThat(UpsertPoints.parseFrom(upsert).getOrdering().getType())
        .isEqualTo(WriteOrderingType.Strong);
  }

  @Test
  void while_a_copy_is_away_those_that_are_left_have_to_agree() {
    aCopyIsAway = true;
    VectorStore store = work();

    assertThat(retrieve(store)).hasSize(1);
    assertThat(retrieve(store)).hasSize(1);

    assertThat(asked)
        .extracting(GetPoints::getReadConsistency)
        .containsExactly(typed("Majority"), typed("Quorum"), typed("Quorum"));
  }

  @Test
  void a_point_about_which_the_copies_disagree_is_not_taken_for_absent() {
    disputes = 3;
    VectorStore store = work();

    assertThat(agreed(store)).hasSize(1);

    assertThat(asked.get(asked.size() - 1).hasWithPayload()).isTrue();
    assertThat(asked).hasSize(3 * 2 + 1);
  }

  @Test
  void copies_that_differ_for_good_do_not_stop_it() {
    disputes = Integer.MAX_VALUE;
    VectorStore store = work();

    assertThat(agreed(store)).hasSize(1);

    assertThat(asked.get(asked.size() - 1).getReadConsistency().getFactor()).isEqualTo(1);
  }

  @Test
  void a_point_that_no_copy_has_is_absent() {
    stored = false;

    assertThat(agreed(work())).isEmpty();

    assertThat(asked).hasSize(2);
  }

  @Test
  void where_there_is_one_copy_nothing_is_asked_twice() {
    copies = 1;
    stored = false;

    assertThat(agreed(work())).isEmpty();

    assertThat(asked).hasSize(1);
  }

  @Test
  void the_loss_of_a_node_is_no_outage_where_several_are_known() throws Exception {
    Server second = server();
    opened.add(() -> second.shutdownNow().awaitTermination(10, TimeUnit.SECONDS));
    String addresses = address(first) + "," + address(second);
    VectorStore store = work("qdrant.addresses=" + addresses);
    assertThat(store.address()).isEqualTo(address(first) + ", " + address(second));
    for (int i = 0; i < 4; i++) {
      assertThat(retrieve(store)).hasSize(1);
    }

    first.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    for (int i = 0; i < 10; i++) {
      assertThat(retrieve(store)).hasSize(1);
    }
  }

  private List<RetrievedPoint> retrieve(VectorStore store) {
    return store.await(
        store.retrieve(
            "c",
            List.of(id()),
            WithPayloadSelectorFactory.enable(true),
            WithVectorsSelectorFactory.enable(false)));
  }

  private List<RetrievedPoint> agreed(VectorStore store) {
    return store.await(
        new AgreedReads(store, AT_ONCE)
            .retrieve(
                "c",
                List.of(id()),
                WithPayloadSelectorFactory.enable(true),
                WithVectorsSelectorFactory.enable(false)));
  }

  private static PointId id() {
    return PointIds.point("one");
  }

  private static ReadConsistency typed(String type) {
    return ReadConsistency.newBuilder().setType(ReadConsistencyType.valueOf(type)).build();
  }

  private VectorStore work(String... overrides) {
    return opened(VectorStore.connectForWork(settings(overrides)));
  }

  private VectorStore opened(VectorStore store) {
    opened.add(store);
    return store;
  }

  private Settings.Qdrant settings(String... overrides) {
    List<String> all = new ArrayList<>(List.of(overrides));
    all.add("qdrant.host=" + InetAddress.getLoopbackAddress().getHostAddress());
    all.add("qdrant.port=" + first.getPort());
    return SettingsLoader.load(Optional.empty(), Map.of(), all).qdrant();
  }

  private static String address(Server server) {
    return InetAddress.getLoopbackAddress().getHostAddress() + ":" + server.getPort();
  }

  private Server server() {
    try {
      return NettyServerBuilder.forAddress(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
          .directExecutor()
          .addService(new Points())
          .addService(new Infos())
          .build()
          .start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static <T> void answer(StreamObserver<T> caller, T answer) {
    caller.onNext(answer);
    caller.onCompleted();
  }

  private final class Points extends PointsImplBase {
    @Override
    public void get(GetPoints request, StreamObserver<GetResponse> caller) {
      asked.add(request);
      if (aCopyIsAway && request.getReadConsistency().equals(typed("Majority"))) {
        caller.onError(
            Status.INTERNAL
                .withDescription(
                    "Service internal error: The replica set for shard 0 on peer 1 does not have"
                        + " enough active replicas")
                .asRuntimeException());
        return;
      }
      boolean whole = request.getWithPayload().getEnable();
      boolean oneCopy = request.getReadConsistency().getFactor() == 1;
      GetResponse.Builder found = GetResponse.newBuilder();
      if (stored && (!whole || oneCopy || disputes == 0)) {
        found.addResult(RetrievedPoint.newBuilder().setId(request.getIds(0)));
      } else if (whole && disputes > 0) {
        disputes--;
      }
      answer(caller, found.build());
    }

    @Override
    public void scroll(ScrollPoints request, StreamObserver<ScrollResponse> caller) {
      other.add(request);
      answer(caller, ScrollResponse.getDefaultInstance());
    }

    @Override
    public void upsert(UpsertPoints request, StreamObserver<PointsOperationResponse> caller) {
      other.add(request);
      answer(caller, PointsOperationResponse.getDefaultInstance());
    }

    @Override
    public void updateBatch(UpdateBatchPoints request, StreamObserver<UpdateBatchResponse> caller) {
      other.add(request);
      answer(caller, UpdateBatchResponse.getDefaultInstance());
    }
  }

  private final class Infos extends CollectionsImplBase {
    @Override
    public void get(
        GetCollectionInfoRequest request, StreamObserver<GetCollectionInfoResponse> caller) {
      answer(
          caller,
          GetCollectionInfoResponse.newBuilder()
              .setResult(
                  CollectionInfo.newBuilder()
                      .setConfig(
                          CollectionConfig.newBuilder()
                              .setParams(
                                  CollectionParams.newBuilder().setReplicationFactor(copies))))
              .build());
    }
  }
}
