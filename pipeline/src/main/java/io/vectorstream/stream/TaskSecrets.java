package io.vectorstream.stream;

import io.vectorstream.config.KeptSecret;
import io.vectorstream.config.Secret;
import java.io.Serializable;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.api.plugin.PluginContext;

/**
 * The secrets that tasks need. The driver keeps them under numbers, and closures contain the
 * numbers only: Spark copies closures between executors, and may write them to a disk. An executor
 * asks the driver once for each, over a connection that Spark authenticates and encrypts.
 */
final class TaskSecrets {

  /** An executor's question to the driver. */
  record SecretRequest(String id) implements Serializable {}

  private static final Secret NONE = new Secret("");

  private static final Map<Secret, String> IDS = new ConcurrentHashMap<>();
  private static final Map<String, Secret> KNOWN = new ConcurrentHashMap<>();

  /** The channel by which this process asks the driver; null in the driver itself. */
  private static volatile PluginContext driver;

  private TaskSecrets() {}

  /** Stores a secret in the driver; returns the number that stands for it, always the same one. */
  static String keep(Secret secret) {
    if (secret.isEmpty()) {
      return "";
    }
    String id = IDS.computeIfAbsent(secret, any -> UUID.randomUUID().toString());
    KNOWN.put(id, secret);
    return id;
  }

  /** Stores a secret in the driver; returns what tasks carry in its place. */
  static KeptSecret kept(Secret secret) {
    String id = keep(secret);
    return () -> get(id);
  }

  /** Returns the secret behind a number, in the driver or in an executor. */
  static Secret get(String id) {
    return id.isEmpty() ? NONE : KNOWN.computeIfAbsent(id, TaskSecrets::ask);
  }

  /** Gives an executor the channel to its driver. */
  static void askBy(PluginContext context) {
    driver = context;
  }

  /**
   * Returns the driver's answer: the secret, empty for none. It is a text, because the thread that
   * reads it in the executor knows the classes of Java and Spark, but not the application's.
   */
  static String answer(SecretRequest request) {
    return KNOWN.getOrDefault(request.id(), NONE).value();
  }

  private static Secret ask(String id) {
    if (driver == null) {
      throw new IllegalStateException("no secret is kept under " + id);
    }
    try {
      Secret answer = new Secret((String) driver.ask(new SecretRequest(id)));
      if (answer.isEmpty()) {
        throw new IllegalStateException("the driver keeps no secret under " + id);
      }
      return answer;
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(
          "the driver did not answer what secret it keeps under " + id, e);
    }
  }
}
