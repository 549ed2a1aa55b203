package io.vectorstream.local.kafka;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The configuration of one Kafka node for one machine: broker and controller, loopback only. */
final class BrokerConfig {
  static final String HOST = "127.0.0.1";
  static final String CONTROLLER_LISTENER = "CONTROLLER";
  static final int NODE_ID = 1;

  /** The protocol of the listener for clients, which the broker itself also uses. */
  private static final String PROTOCOL = "security.inter.broker.protocol";

  /** The properties that follow from the folder, the ports and the protocol. */
  private static final Set<String> OWN =
      Set.of(
          "process.roles",
          "node.id",
          "listeners",
          "listener.security.protocol.map",
          "controller.listener.names",
          "controller.quorum.voters",
          "log.dirs");

  private BrokerConfig() {}

  /**
   * @param more Kafka's own settings of a broker; they take precedence over those set here
   * @throws IllegalArgumentException if it has one that only this class may set
   */
  static Map<String, String> of(Path log, int port, int controllerPort, Map<String, String> more) {
    for (String name : more.keySet()) {
      if (OWN.contains(name)) {
        throw new IllegalArgumentException(
            name + " follows from the folder, the port and " + PROTOCOL + "; leave it out");
      }
    }
    String protocol = more.getOrDefault(PROTOCOL, "PLAINTEXT");
    Map<String, String> config = new HashMap<>();
    config.put("process.roles", "broker,controller");
    config.put("node.id", String.valueOf(NODE_ID));
    config.put(
        "listeners",
        "%s://%s:%d,CONTROLLER://%s:%d".formatted(protocol, HOST, port, HOST, controllerPort));
    config.put("advertised.listeners", "%s://%s:%d".formatted(protocol, HOST, port));
    config.put(
        "listener.security.protocol.map",
        "%s:%s,CONTROLLER:PLAINTEXT".formatted(protocol, protocol));
    config.put("controller.listener.names", CONTROLLER_LISTENER);
    config.put("controller.quorum.voters", "%d@%s:%d".formatted(NODE_ID, HOST, controllerPort));
    config.put("log.dirs", log.toString());

    // A wrong topic name must be an error, not a new topic.
    config.put("auto.create.topics.enable", "false");
    config.put("default.replication.factor", "1");
    config.put("min.insync.replicas", "1");
    config.put("offsets.topic.replication.factor", "1");
    config.put("offsets.topic.num.partitions", "4");
    config.put("transaction.state.log.replication.factor", "1");
    config.put("transaction.state.log.min.isr", "1");
    config.put("transaction.state.log.num.partitions", "4");
    config.put("group.initial.rebalance.delay.ms", "0");

    // By time only: a limit by size could delete what the pipeline has not read yet.
    config.put("log.retention.hours", "168");
    config.put("log.segment.bytes", "134217728");

    // The cleaner's table takes its whole size from the heap at the start, 128 MB by default; here
    // it has only the offsets of a few consumers to clean.
    config.put("log.cleaner.dedupe.buffer.size", "4194304");
    config.put("num.network.threads", "2");
    config.put("num.io.threads", "4");
    config.put("background.threads", "2");

    // After a kill, the controller accepts the broker again only after silence for this long. A
    // shorter time would make restarts faster, but a busy machine must not count as silent.
    config.put("broker.session.timeout.ms", "6000");
    config.put("broker.heartbeat.interval.ms", "500");
    config.putAll(more);
    return config;
  }
}
