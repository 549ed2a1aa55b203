package io.vectorstream.local.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Exit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {
  @TempDir Path folder;

  @Test
  void a_record_that_was_sent_can_be_read() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0)) {
      kafka.createTopic("events", 3);

      send(kafka, Map.of(), "events", "one", "two");

      assertThat(read(kafka, "events", 2)).containsExactlyInAnyOrder("one", "two");
    }
  }

  @Test
  void a_restart_keeps_the_cluster_the_topics_the_records_and_the_offsets() throws Exception {
    String cluster;
    try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0)) {
      cluster = clusterId(kafka);
      kafka.createTopic("events", 2);
      send(kafka, Map.of(), "events", "before");
      assertThat(read(kafka, "events", 1)).containsExactly("before");
    }

    try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0)) {
      assertThat(clusterId(kafka)).isEqualTo(cluster);
      assertThat(partitions(kafka, "events")).isEqualTo(2);
      send(kafka, Map.of(), "events", "after");
      // The group committed "before", so it goes on behind it; a new group reads everything.
      assertThat(read(kafka, "events", 1)).containsExactly("after");
      assertThat(read(kafka, "events", 2, "new-group"))
          .containsExactlyInAnyOrder("before", "after");
    }
  }

  @Test
  void a_broker_that_was_killed_starts_again_with_what_it_had_acknowledged() throws Exception {
    Path output = folder.resolve("killed.log");
    Process killed =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                KilledBroker.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(killed.waitFor()).as("status, with %s", output).isEqualTo(KilledBroker.STATUS);

    try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0)) {
      assertThat(read(kafka, "events", 1)).containsExactly("acknowledged");
    }
  }

  @Test
  void a_port_that_is_taken_is_named_and_the_process_lives_on() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> EmbeddedKafka.start(folder, other.getLocalPort()))
          .isInstanceOf(KafkaStartException.class)
          .hasMessage(
              "port %d is taken or not allowed, so the Kafka broker cannot start; stop what listens"
                  + " there, or choose another port for Kafka (0 takes a free one)",
              other.getLocalPort());
    }
    // The failed start left nothing behind that prevents the next one.
    EmbeddedKafka.start(folder, 0).close();
  }

  @Test
  void a_port_that_is_asked_for_is_the_one_it_listens_on() throws Exception {
    int port;
    try (EmbeddedKafka first = EmbeddedKafka.start(folder, 0)) {
      port = Integer.parseInt(first.bootstrapServers().split(":")[1]);
    }
    try (EmbeddedKafka again = EmbeddedKafka.start(folder, port)) {
      assertThat(again.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
      assertThat(clusterId(again)).isNotEmpty();
    }
  }

  @Test
  void a_folder_in_use_is_named() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0)) {
      assertThatThrownBy(() -> EmbeddedKafka.start(folder, 0))
          .isInstanceOf(KafkaStartException.class)
          .hasMessage(
              "the folder %s is in use by another Kafka broker; stop that one or choose another"
                  + " folder",
              folder);
      assertThat(clusterId(kafka)).isNotEmpty();
    }
  }

  @Test
  void a_folder_that_cannot_be_made_is_named() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThatThrownBy(() -> EmbeddedKafka.start(file, 0))
        .isInstanceOf(KafkaStartException.class)
        .hasMessageContaining("the folder " + file + " of the Kafka broker cannot be written");
  }

  @Test
  void a_folder_with_other_data_in_it_is_refused_and_the_process_lives_on() throws IOException {
    Path log = Files.createDirectories(folder.resolve("log"));
    Files.writeString(log.resolve("meta.properties"), "version=1\nnode.id=7\ncluster.id=abc\n");

    assertThatThrownBy(() -> EmbeddedKafka.start(folder, 0))
        .isInstanceOf(KafkaStartException.class)
        .hasMessageStartingWith("the embedded Kafka broker cannot start on " + folder + ": ")
        .message()
        .satisfies(message -> assertThat(message.lines()).hasSize(1));
  }

  @Test
  void its_own_settings_give_way_to_those_that_are_given() throws Exception {
    try (EmbeddedKafka kafka =
        EmbeddedKafka.start(folder, 0, Map.of("message.max.bytes", "2000"))) {
      kafka.createTopic("events", 1);

      assertThatThrownBy(() -> send(kafka, Map.of(), "events", "x".repeat(3000)))
          .hasRootCauseInstanceOf(RecordTooLargeException.class);
    }
  }

  @Test
  void a_proxy_in_front_of_it_can_be_advertised() throws Exception {
    try (ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
      int port = proxy.getLocalPort();
      try (EmbeddedKafka kafka =
          EmbeddedKafka.start(
              folder, 0, Map.of("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port))) {
        String[] address = kafka.bootstrapServers().split(":");
        AtomicInteger connections = new AtomicInteger();
        inThread(
            () -> {
              while (true) {
                Socket client = proxy.accept();
                Socket broker = new Socket(address[0], Integer.parseInt(address[1]));
                connections.incrementAndGet();
                inThread(() -> relay(client, broker));
                inThread(() -> relay(broker, client));
              }
            });

        kafka.createTopic("events", 1);
        send(kafka, Map.of(), "events", "through the proxy");

        assertThat(read(kafka, "events", 1)).containsExactly("through the proxy");
        assertThat(connections).hasPositiveValue();
      }
    }
  }

  @Test
  void with_sasl_only_clients_that_know_the_password_are_served() throws Exception {
    String login = "org.apache.kafka.common.security.plain.PlainLoginModule required";
    Map<String, String> client =
        Map.of(
            "security.protocol",
            "SASL_PLAINTEXT",
            "sasl.mechanism",
            "PLAIN",
            "sasl.jaas.config",
            login + " username=\"shop\" password=\"right\";");
    Map<String, String> broker =
        Map.of(
            "security.inter.broker.protocol",
            "SASL_PLAINTEXT",
            "sasl.mechanism.inter.broker.protocol",
            "PLAIN",
            "sasl.enabled.mechanisms",
            "PLAIN",
            "listener.name.sasl_plaintext.plain.sasl.jaas.config",
            login + " username=\"shop\" password=\"right\" user_shop=\"right\";");
    EmbeddedKafka.Options options = new EmbeddedKafka.Options(folder, 0, broker, client);
    assertThat(options.toString()).contains("sasl.jaas.config").doesNotContain("right");

    try (EmbeddedKafka kafka = EmbeddedKafka.start(options)) {
      kafka.createTopic("events", 1);
      send(kafka, client, "events", "from the shop");

      Map<String, String> wrong = new HashMap<>(client);
      wrong.put("sasl.jaas.config", login + " username=\"shop\" password=\"wrong\";");
      assertThatThrownBy(() -> send(kafka, wrong, "events", "from elsewhere"))
          .hasRootCauseInstanceOf(SaslAuthenticationException.class);
    }
  }

  @Test
  void what_follows_from_the_folder_and_the_port_cannot_be_given() {
    assertThatThrownBy(
            () -> EmbeddedKafka.start(folder, 0, Map.of("listeners", "PLAINTEXT://127.0.0.1:9092")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "listeners follows from the folder, the port and security.inter.broker.protocol;"
                + " leave it out");
    // The refusal left nothing behind that prevents the next one.
    EmbeddedKafka.start(folder, 0).close();
  }

  @Test
  void what_a_transaction_wrote_is_read_when_it_commits_and_not_when_it_aborts() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0)) {
      kafka.createTopic("events", 1);
      try (KafkaProducer<String, String> producer =
          producer(kafka, Map.of("transactional.id", "test"))) {
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("events", "aborted")).get();
        producer.abortTransaction();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("events", "committed")).get();
        producer.commitTransaction();
      }

      assertThat(read(kafka, "events", 1)).containsExactly("committed");
    }
  }

  @Test
  void creating_a_topic_again_changes_nothing() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0)) {
      kafka.createTopic("events", 3);
      kafka.createTopic("events", 5);

      assertThat(partitions(kafka, "events")).isEqualTo(3);
    }
  }

  @Test
  void a_topic_with_a_name_that_is_not_allowed_is_refused() {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0)) {
      assertThatThrownBy(() -> kafka.createTopic("no spaces", 1))
          .hasMessageStartingWith("topic no spaces cannot be created: ");
    }
  }

  @Test
  void a_topic_that_nobody_created_is_an_error() {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0);
        KafkaProducer<String, String> producer = producer(kafka, Map.of("max.block.ms", "1000"))) {
      assertThatThrownBy(() -> producer.send(new ProducerRecord<>("nowhere", "x")).get())
          .hasRootCauseInstanceOf(UnknownTopicOrPartitionException.class);
    }
  }

  @Test
  void two_brokers_of_one_process_know_nothing_of_each_other() throws Exception {
    try (EmbeddedKafka one = EmbeddedKafka.start(folder.resolve("1"), 0)) {
      one.createTopic("events", 1);
      try (EmbeddedKafka two = EmbeddedKafka.start(folder.resolve("2"), 0)) {
        two.createTopic("events", 1);
        send(one, Map.of(), "events", "of one");
        send(two, Map.of(), "events", "of two");

        assertThat(read(one, "events", 1)).containsExactly("of one");
        assertThat(read(two, "events", 1)).containsExactly("of two");
      }
      assertThat(read(one, "events", 1, "new-group")).containsExactly("of one");
    }
  }

  @Test
  void it_listens_on_the_loopback_only() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0)) {
      int port = Integer.parseInt(kafka.bootstrapServers().split(":")[1]);
      for (InetAddress address : otherAddresses()) {
        assertThatThrownBy(
                () -> {
                  try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress(address, port), 1000);
                  }
                })
            .as("a connection to %s", address)
            .isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void closing_twice_is_fine_and_frees_the_folder() {
    EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0);
    kafka.close();
    kafka.close();

    EmbeddedKafka.start(folder, 0).close();
  }

  @Test
  void a_broker_that_cannot_go_on_does_not_end_the_process() {
    EmbeddedKafka.start(folder, 0).close();

    assertThatThrownBy(() -> Exit.halt(1, "log dirs failed"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the embedded Kafka broker failed (status 1): log dirs failed");
  }

  /** Forwards bytes until one end closes. */
  private static Void relay(Socket from, Socket to) throws IOException {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    }
    return null;
  }

  /** The thread ends with the work, or when a socket under it is closed. */
  private static void inThread(Callable<Void> work) {
    Thread thread = new Thread(new FutureTask<>(work), "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private static List<InetAddress> otherAddresses() throws IOException {
    try (Stream<NetworkInterface> interfaces = NetworkInterface.networkInterfaces()) {
      return interfaces
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !address.isLoopbackAddress())
          .toList();
    }
  }

  private static KafkaProducer<String, String> producer(
      EmbeddedKafka kafka, Map<String, String> more) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", kafka.bootstrapServers());
    properties.putAll(more);
    return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
  }

  private static void send(
      EmbeddedKafka kafka, Map<String, String> more, String topic, String... values)
      throws ExecutionException, InterruptedException {
    try (KafkaProducer<String, String> producer = producer(kafka, more)) {
      for (String value : values) {
        producer.send(new ProducerRecord<>(topic, value)).get();
      }
    }
  }

  private static List<String> read(EmbeddedKafka kafka, String topic, int count) {
    return read(kafka, topic, count, "test");
  }

  /** Reads as a consumer group, committed records only, and commits what it read. */
  private static List<String> read(EmbeddedKafka kafka, String topic, int count, String group) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", kafka.bootstrapServers());
    properties.put("group.id", group);
    properties.put("auto.offset.reset", "earliest");
    properties.put("isolation.level", "read_committed");
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(topic));
      // On this thread: a consumer is for one thread only.
      Awaitility.await()
          .pollInSameThread()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                for (ConsumerRecord<String, String> record :
                    consumer.poll(Duration.ofMillis(200))) {
                  values.add(record.value());
                }
                return values.size() >= count;
              });
      consumer.commitSync();
    }
    return values;
  }

  private static String clusterId(EmbeddedKafka kafka) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      return admin.describeCluster().clusterId().get();
    }
  }

  private static int partitions(EmbeddedKafka kafka, String topic) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      return admin
          .describeTopics(List.of(topic))
          .allTopicNames()
          .get()
          .get(topic)
          .partitions()
          .size();
    }
  }
}
