package io.vectorstream.local.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.event.DeadLetterFilter;
import io.vectorstream.event.DeadLetterReplay;
import io.vectorstream.event.DeadLetterTopic;
import io.vectorstream.event.StoredDeadLetter;
import io.vectorstream.event.TopicIdentity;
import io.vectorstream.event.Topics;
import io.vectorstream.feed.ProductFeed;
import io.vectorstream.local.kafka.EmbeddedKafka;
import io.vectorstream.local.store.TemporaryVectorStore;
import io.vectorstream.merge.Listing.Status;
import io.vectorstream.merge.ProductState;
import io.vectorstream.migration.Sides;
import io.vectorstream.monitoring.ProductFeedStatus;
import io.vectorstream.store.CollectionSchemas;
import io.vectorstream.store.FencedException;
import io.vectorstream.store.Ledger;
import io.vectorstream.store.ProductCollection;
import io.vectorstream.store.ProductOffsets;
import io.vectorstream.store.VectorStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The products topic, applied to the stored products: once, in order, and after any stop. */
class ProductFeedTest {

  @TempDir static Path folder;
  private static EmbeddedKafka kafka;
  private static TemporaryVectorStore server;

  private final List<ProductFeed> feeds = new ArrayList<>();
  private final AtomicInteger pending = new AtomicInteger();
  private Settings settings;
  private VectorStore store;
  private EmbeddingService embeddings;
  private ProductCollection products;
  private KafkaProducer<byte[], byte[]> producer;

  @BeforeAll
  static void startServices() {
    kafka = EmbeddedKafka.start(folder, 0);
    server = TemporaryVectorStore.start("product-feed");
  }

  @AfterAll
  static void stopServices() {
    server.close();
    kafka.close();
  }

  @BeforeEach
  void makeTheShop() {
    String name = "shop-" + UUID.randomUUID();
    List<String> given = new ArrayList<>(server.settings());
    given.addAll(
        List.of(
            "kafka.bootstrap_servers=" + kafka.bootstrapServers(),
            "kafka.topic=" + name,
            "kafka.products_topic=" + name + "-products",
            "kafka.partitions=2",
            "qdrant.collections.products=" + name + "-products",
            "qdrant.collections.events=" + name + "-events",
            "qdrant.collections.users=" + name + "-users",
            "qdrant.collections.activity=" + name + "-activity",
            "qdrant.collections.pairs=" + name + "-pairs",
            "qdrant.collections.state=" + name + "-state"));
    settings = SettingsLoader.load(Optional.empty(), Map.of(), given);
    Topics.ensure(settings.kafka());
    store = VectorStore.connect(settings.qdrant());
    embeddings = EmbeddingService.shared(settings.embedding());
    new CollectionSchemas(store, embeddings.dimension(), embeddings.identity()).ensure(false, true);
    products = new ProductCollection(settings.qdrant());
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  @AfterEach
  void removeTheShop() {
    feeds.forEach(ProductFeed::close);
    producer.close();
    VectorStore.closeShared(settings.qdrant());
    store.close();
  }

  @Test
  void a_product_is_stored_retired_and_comes_back_and_its_text_waits_for_the_model()
      throws Exception {
    ProductFeed feed = feed();
    send("lamp", product("lamp", "Lamp", 20, true));
    applyAll(feed);

    assertThat(state("lamp").newest().product().name()).isEqualTo("Lamp");
    assertThat(state("lamp").listing().status()).isEqualTo(Status.LISTED);
    assertThat(state("lamp").isPending()).isTrue();
    assertThat(pending).hasValue(1);

    send("lamp", null);
    applyAll(feed);
    assertThat(state("lamp").listing().status()).isEqualTo(Status.RETIRED);
    assertThat(state("lamp").newest().product().name()).isEqualTo("Lamp");

    send("lamp", product("lamp", "Lamp", 25, false));
    applyAll(feed);
    assertThat(state("lamp").listing().status()).isEqualTo(Status.HIDDEN);
    assertThat(state("lamp").newest().product().price()).isEqualTo(25);
  }

  @Test
  void a_text_whose_embedding_is_known_is_found_at_once() throws Exception {
    float[] known = embeddings.embed(List.of("A lamp that is known")).get(0);
    send("lamp", product("lamp", "A lamp that is known", 20, true));

    applyAll(feed());

    assertThat(state("lamp").isPending()).isFalse();
    assertThat(products.vectors(List.of("lamp")).get("lamp")).containsExactly(known);
    assertThat(pending).hasValue(0);
  }

  @Test
  void another_process_goes_on_where_the_one_before_has_stopped() throws Exception {
    send("lamp", product("lamp", "Lamp", 20, true));
    applyAll(feed());
    send("lamp", product("lamp", "Better lamp", 20, true));

    ProductFeed next = feed();
    applyAll(next);

    assertThat(state("lamp").newest().product().name()).isEqualTo("Better lamp");
    assertThat(next.status().applied()).isEqualTo(1);
    assertThat(next.status().passedOver()).isZero();
  }

  @Test
  void everything_is_read_again_after_the_offsets_are_lost_and_changes_nothing() throws Exception {
    Map<String, ProductState> before = new HashMap<>();
    for (int i = 0; i < 30; i++) {
      String id = "product-" + i % 10;
      send(id, i % 7 == 3 ? null : product(id, "Version " + i, i, i % 5 != 0));
    }
    send("lamp", "{");
    applyAll(feed());
    for (int i = 0; i < 10; i++) {
      before.put("product-" + i, state("product-" + i));
    }
    assertThat(letters()).hasSize(1);

    new ProductOffsets(settings.qdrant()).note(topicId(), Map.of());
    ProductFeed again = feed();
    applyAll(again);

    before.forEach(
        (id, state) -> assertThat(state(id)).usingRecursiveComparison().as(id).isEqualTo(state));
    assertThat(again.status().applied()).isZero();
    assertThat(again.status().passedOver()).isEqualTo(30);
    assertThat(letters()).as("the letter of the broken record is not written again").hasSize(1);
  }

  @Test
  void a_broken_record_is_a_dead_letter_with_its_bytes_and_headers_and_the_next_ones_count()
      throws Exception {
    ProducerRecord<byte[], byte[]> broken =
        new ProducerRecord<>(
            settings.kafka().productsTopic(),
            1,
            "lamp".getBytes(UTF_8),
            "{\"id\": \"lamp\", \"name\": \"Lamp\"}".getBytes(UTF_8));
    broken.headers().add("source", "a shop".getBytes(UTF_8));
    producer.send(broken).get();
    send("pot", product("pot", "Pot", 20, true));
    ProductFeed feed = feed();

    applyAll(feed);

    assertThat(state("pot").newest().product().name()).isEqualTo("Pot");
    assertThat(letters())
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.reason()).isEqualTo("missing_field");
              assertThat(letter.detail()).isEqualTo("missing or empty: price");
              assertThat(letter.topic()).isEqualTo(settings.kafka().productsTopic());
              assertThat(letter.partition()).isEqualTo(1);
              assertThat(letter.key()).isEqualTo(broken.key());
              assertThat(letter.value()).isEqualTo(broken.value());
              assertThat(letter.headers()).isEqualTo(List.of(broken.headers().toArray()));
            });
    assertThat(feed.status().deadLettered()).isEqualTo(1);
  }

  @Test
  void a_broken_record_too_large_for_the_dead_letter_topic_has_a_letter_without_it()
      throws Exception {
    limitLetters(5_000);
    byte[] large = new byte[20_000];
    new Random(1).nextBytes(large);
    for (int i = 0; i < 2; i++) {
      producer.send(
          new ProducerRecord<>(settings.kafka().productsTopic(), 1, "lamp".getBytes(UTF_8), large));
    }
    producer.send(
        new ProducerRecord<>(
            settings.kafka().productsTopic(), 1, "lamp".getBytes(UTF_8), "{".getBytes(UTF_8)));
    send("pot", product("pot", "Pot", 20, true));
    ProductFeed feed = feed();

    applyAll(feed);

    assertThat(state("pot").newest().product().name()).isEqualTo("Pot");
    assertThat(letters()).hasSize(3);
    assertThat(letters().stream().filter(letter -> letter.value() == null))
        .hasSize(2)
        .allSatisfy(
            letter ->
                assertThat(letter.detail())
                    .endsWith("; the record itself is larger than the dead-letter topic takes"));
    assertThat(letters())
        .filteredOn(letter -> letter.value() != null)
        .singleElement()
        .satisfies(letter -> assertThat(letter.value()).isEqualTo("{".getBytes(UTF_8)));
  }

  @Test
  void a_text_that_comes_back_waits_or_has_failed_as_before() throws Exception {
    send("lamp", product("lamp", "Lamp", 20, true));
    send("pot", product("pot", "Pot", 20, true));
    applyAll(feed());
    ProductState lamp = unseen("lamp");
    ProductState pot = unseen("pot");
    products.store(
        List.of(
            lamp.withPending(Map.of(lamp.newest().textHash(), lamp.newest().text()), 0),
            pot.withEmbeddingError("too long")),
        Map.of(),
        Ledger.takeOver(settings.qdrant(), "test").nextTurn());

    for (String name : List.of("Other", "Lamp")) {
      send("lamp", product("lamp", name, 20, true));
    }
    for (String name : List.of("Other", "Pot")) {
      send("pot", product("pot", name, 20, true));
    }
    ProductFeed feed = feed();
    applyAll(feed);

    assertThat(feed.status().applied()).isEqualTo(2);
    assertThat(state("lamp").isPending()).isTrue();
    assertThat(state("pot").isPending()).isFalse();
    assertThat(state("pot").embeddingError()).isEqualTo("too long");
  }

  private ProductState unseen(String id) {
    return ProductState.unseen(state(id).newest(), state(id).model());
  }

  @Test
  void a_dead_letter_is_replayed_to_the_topic_that_it_came_from() throws Exception {
    send("lamp", "{");
    ProductFeed feed = feed();
    applyAll(feed);

    try (DeadLetterTopic topic = DeadLetterTopic.open(settings.kafka());
        DeadLetterReplay replay = DeadLetterReplay.open(settings.kafka(), topic, null)) {
      assertThat(replay.run(DeadLetterFilter.ALL, false, soFar -> {})).isEqualTo(1);
    }
    applyAll(feed);

    assertThat(letters())
        .extracting(StoredDeadLetter::topic)
        .as("it was read there once more, and is still broken")
        .containsExactly(settings.kafka().productsTopic(), settings.kafka().productsTopic());
    assertThat(settings.kafka().replayTargets()).contains(settings.kafka().productsTopic());
  }

  @Test
  void a_letter_without_a_key_is_left_out_of_a_replay_and_the_others_are_sent() throws Exception {
    limitLetters(5_000);
    byte[] large = new byte[20_000];
    new Random(1).nextBytes(large);
    producer.send(
        new ProducerRecord<>(settings.kafka().productsTopic(), 1, "lamp".getBytes(UTF_8), large));
    send("pot", "{");
    ProductFeed feed = feed();
    applyAll(feed);
    assertThat(letters()).extracting(StoredDeadLetter::key).containsNull().hasSize(2);

    try (DeadLetterTopic topic = DeadLetterTopic.open(settings.kafka());
        DeadLetterReplay replay = DeadLetterReplay.open(settings.kafka(), topic, null)) {
      assertThat(replay.run(DeadLetterFilter.ALL, false, soFar -> {})).isEqualTo(1);
      assertThat(replay.withoutKey()).isEqualTo(1);
    }
    applyAll(feed);

    assertThat(letters()).as("the one that was sent is still broken").hasSize(3);
    assertThat(products.states(List.of("lamp"))).as("nothing is retired").isEmpty();
  }

  private void limitLetters(int bytes) throws Exception {
    ConfigResource topic =
        new ConfigResource(ConfigResource.Type.TOPIC, settings.kafka().deadLetterTopic());
    ConfigEntry limit =
        new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(bytes));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin
          .incrementalAlterConfigs(
              Map.of(topic, List.of(new AlterConfigOp(limit, AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  @Test
  void offsets_with_gaps_and_records_that_were_never_committed_are_passed() throws Exception {
    try (KafkaProducer<byte[], byte[]> transactions =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "transactional.id",
                settings.kafka().topic()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      transactions.initTransactions();
      transactions.beginTransaction();
      transactions.send(record("lamp", product("lamp", "Taken back", 1, true)));
      transactions.flush();
      transactions.abortTransaction();
      transactions.beginTransaction();
      transactions.send(record("lamp", product("lamp", "Lamp", 20, true)));
      transactions.commitTransaction();
    }
    ProductFeed feed = feed();

    applyAll(feed);

    assertThat(state("lamp").newest().product().name()).isEqualTo("Lamp");
    assertThat(state("lamp").listing().offset()).isGreaterThanOrEqualTo(2);
    assertThat(feed.status().waiting()).as("markers of transactions are no records").isZero();
  }

  @Test
  void a_topic_that_is_made_again_is_read_from_its_start() throws Exception {
    ProductFeed feed = feed();
    for (int i = 0; i < 5; i++) {
      send("lamp", product("lamp", "Version " + i, 20, true));
    }
    applyAll(feed);
    String first = topicId();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.deleteTopics(List.of(settings.kafka().productsTopic())).all().get();
      await().until(() -> TopicIdentity.find(products(settings)).isEmpty());
    }
    Topics.ensure(settings.kafka());
    await().until(() -> TopicIdentity.find(products(settings)).isPresent());
    send("lamp", product("lamp", "Of the new topic", 20, true));
    send("pot", product("pot", "Pot", 20, true));

    await()
        .atMost(60, TimeUnit.SECONDS)
        .until(
            () -> {
              feed.step();
              return products.contains("pot")
                  && state("lamp").newest().product().name().equals("Of the new topic");
            });
    assertThat(topicId()).isNotEqualTo(first);
    assertThat(state("lamp").listing().topicId()).isEqualTo(topicId());
  }

  @Test
  void a_pipeline_that_was_replaced_changes_nothing_and_is_told_so() throws Exception {
    ProductFeed replaced = feed();
    send("lamp", product("lamp", "Lamp", 20, true));
    applyAll(replaced);
    ProductFeed next = feed();
    send("lamp", product("lamp", "Better lamp", 20, true));
    applyAll(next);
    send("lamp", null);

    assertThatThrownBy(() -> applyAll(replaced)).isInstanceOf(FencedException.class);

    assertThat(state("lamp").listing().status()).isEqualTo(Status.LISTED);
    applyAll(next);
    assertThat(state("lamp").listing().status()).isEqualTo(Status.RETIRED);
  }

  /** A server takes 32 MB in one call. */
  @Test
  void products_with_long_descriptions_are_stored_in_calls_that_a_server_takes() throws Exception {
    String description = "x".repeat(900_000);
    for (int i = 0; i < 60; i++) {
      send(
          "p" + i,
          "{\"id\": \"p%d\", \"name\": \"P\", \"price\": 1, \"description\": \"%s\"}"
              .formatted(i, description));
    }
    ProductFeed feed = feed();

    applyAll(feed);

    assertThat(feed.status().applied()).isEqualTo(60);
    assertThat(state("p59").newest().product().description()).isEqualTo(description);
  }

  @Test
  void what_is_hidden_and_retired_is_counted() throws Exception {
    for (String id : List.of("one", "two", "three")) {
      send(id, null);
    }
    send("four", product("four", "Four", 1, false));
    ProductFeed feed = feed();

    applyAll(feed);

    ProductFeedStatus status = feed.status();
    assertThat(status.retired()).isEqualTo(3);
    assertThat(status.hidden()).isEqualTo(1);
    assertThat(status.applied()).isEqualTo(4);
  }

  /** A feed of a process that takes the products over, and has never a batch under way. */
  private ProductFeed feed() {
    Ledger ledger = Ledger.takeOver(settings.qdrant(), "test");
    ProductFeed feed =
        new ProductFeed(
            settings,
            ledger,
            Sides.open(settings, store),
            step -> step.getAsBoolean(),
            pending::incrementAndGet);
    feeds.add(feed);
    return feed;
  }

  /** Makes steps until the ends of the topic, as they are now, are reached. */
  private void applyAll(ProductFeed feed) throws InterruptedException {
    producer.flush();
    feed.close();
    do {
      feed.step();
    } while (feed.status().waiting() > 0);
  }

  private void send(String key, String value) {
    producer.send(record(key, value));
  }

  private ProducerRecord<byte[], byte[]> record(String key, String value) {
    return new ProducerRecord<>(
        settings.kafka().productsTopic(),
        key.getBytes(UTF_8),
        value == null ? null : value.getBytes(UTF_8));
  }

  private static String product(String id, String name, double price, boolean available) {
    return "{\"id\": \"%s\", \"name\": \"%s\", \"price\": %s, \"available\": %s}"
        .formatted(id, name, price, available);
  }

  private ProductState state(String id) {
    return products.states(List.of(id)).get(id);
  }

  private String topicId() {
    return TopicIdentity.find(products(settings)).orElseThrow().topicId();
  }

  /** Returns the settings of a pipeline whose events are in the products topic. */
  private static Settings.Kafka products(Settings settings) {
    List<String> given =
        List.of(
            "kafka.bootstrap_servers=" + settings.kafka().bootstrapServers(),
            "kafka.topic=" + settings.kafka().productsTopic());
    return SettingsLoader.load(Optional.empty(), Map.of(), given).kafka();
  }

  private List<StoredDeadLetter> letters() {
    List<StoredDeadLetter> letters = new ArrayList<>();
    try (DeadLetterTopic topic = DeadLetterTopic.open(settings.kafka())) {
      topic.read(DeadLetterFilter.ALL, letters::add);
    }
    return letters;
  }
}
