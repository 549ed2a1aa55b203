package io.vectorstream.local.system;

import io.vectorstream.config.HostPort;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsException;
import io.vectorstream.local.fault.FaultProxy;
import io.vectorstream.local.workload.BundledFile;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.text.StringSubstitutor;

/**
 * The values of the placeholders in a system's description, for one run: <code>${topic}</code>,
 * <code>${env.HOME}</code> for a variable of the environment, and the word <code>${java}</code> of
 * a command, which becomes several: this program's own Java with its flags and its class path.
 */
final class Placeholders {
  private static final String JAVA = "${java}";
  private static final String ENVIRONMENT = "env.";

  private final Map<String, String> values = new LinkedHashMap<>();
  private final StringSubstitutor substitutor;

  /**
   * @param run a name that no other run has
   * @param work the folder of the run
   * @param storeProxy what the system gets as the store's address; null: the store's own
   */
  Placeholders(Settings settings, String run, Path work, FaultProxy storeProxy) {
    HostPort qdrant =
        storeProxy == null
            ? settings.qdrant().nodes().get(0)
            : new HostPort("127.0.0.1", storeProxy.port());
    values.put("kafka", settings.kafka().bootstrapServers());
    values.put("partitions", String.valueOf(settings.kafka().partitions()));
    values.put("qdrant.host", qdrant.host());
    values.put("qdrant.port", String.valueOf(qdrant.port()));
    values.put("qdrant.api_key", settings.qdrant().resolvedApiKey().value());
    values.put("run", run);
    values.put("topic", run);
    values.put("work", work.toAbsolutePath().toString());
    values.put("home", BundledFile.home().toString());
    values.put("class_path", System.getProperty("java.class.path"));
    values.put("port", String.valueOf(freePort()));
    // Those of a record are filled for each event.
    values.put("event", "${event}");
    values.put("event_id", "${event_id}");
    substitutor = new StringSubstitutor(this::value);
    substitutor.setEnableUndefinedVariableException(true);
    // A description says where values go, and a value is no description.
    substitutor.setDisableSubstitutionInValues(true);
  }

  private String value(String name) {
    return name.startsWith(ENVIRONMENT)
        ? System.getenv(name.substring(ENVIRONMENT.length()))
        : values.get(name);
  }

  /** Returns a port that is free now, for a system that listens on one. */
  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new SystemException("no free port can be found: " + e.getMessage(), e);
    }
  }

  /**
   * @throws SettingsException if it has a placeholder without a value
   */
  String fill(String text) {
    try {
      return substitutor.replace(text);
    } catch (IllegalArgumentException e) {
      throw new SettingsException(
          List.of(
              "'%s' has a placeholder without a value; expected one of %s, or ${env.NAME} with a variable NAME in the environment"
                  .formatted(text.strip(), values.keySet())));
    }
  }

  /** Fills the words of a command. */
  List<String> command(List<String> words) {
    List<String> filled = new ArrayList<>();
    for (String word : words) {
      if (word.equals(JAVA)) {
        filled.addAll(java());
      } else {
        filled.add(fill(word));
      }
    }
    return filled;
  }

  private static List<String> java() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(Placeholders::isForAnyProgram)
        .forEach(command::add);
    command.add("-D%s=%s".formatted(BundledFile.HOME, BundledFile.home()));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return command;
  }

  /** Returns whether a flag is what Spark and the libraries need, and says nothing of memory. */
  private static boolean isForAnyProgram(String flag) {
    return flag.startsWith("--add-opens")
        || flag.startsWith("--enable-native-access")
        || flag.startsWith("--sun-misc-unsafe-memory-access")
        || flag.startsWith("-XX:+IgnoreUnrecognizedVMOptions")
        || flag.startsWith("-Djdk.reflect.")
        || flag.startsWith("-Dio.netty.")
        || flag.startsWith("-Dfile.encoding=");
  }
}
