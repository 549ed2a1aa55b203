package io.vectorstream.stream;

import io.vectorstream.config.Secret;
import java.io.Serializable;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.api.plugin.PluginContext;

/**
 * The secrets that tasks need. The driver keeps them under numbers, and closures carry the numbers
 * alone: Spark copies closures from executor to executor, and may put them on a disk. An executor
 * asks the driver once for each, over a connection that Spark authenticates and encrypts.
 */
final class TaskSecrets {

  /** What an executor asks the driver for. */
  record Request(String id) implements Serializable {}

  private static final Secret NONE = new Secret("");

  private static final Map<Secret, String> IDS = new ConcurrentHashMap<>();
  private static final Map<String, Secret> KNOWN = new ConcurrentHashMap<>();

  /** How this process asks the driver; null in the driver itself. */
  private static volatile PluginContext driver;

  private TaskSecrets() {}

  /** Called in the driver; returns the number that stands for the secret, always the same one. */
  static String keep(Secret secret) {
    if (secret.isEmpty()) {
      return "";
    }
    String id = IDS.computeIfAbsent(secret, any -> UUID.randomUUID().toString());
    KNOWN.put(id, secret);
    return id;
  }

  /** The secret behind a number, in the driver or in an executor. */
  static Secret get(String id) {
    return id.isEmpty() ? NONE : KNOWN.computeIfAbsent(id, TaskSecrets::ask);
  }

  /** Tells an executor how to ask its driver. */
  static void askBy(PluginContext context) {
    driver = context;
  }

  /**
   * What the driver answers: the secret, empty for none. A text, because the thread that reads the
   * answer in the executor knows Java's and Spark's classes, and not those of the application.
   */
  static String answer(Request request) {
    return KNOWN.getOrDefault(request.id(), NONE).value();
  }

  private static Secret ask(String id) {
    if (driver == null) {
      throw new IllegalStateException("no secret is kept under " + id);
    }
    try {
      Secret answer = new Secret((String) driver.ask(new Request(id)));
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
