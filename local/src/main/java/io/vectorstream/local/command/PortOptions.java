package io.vectorstream.local.command;

import io.vectorstream.local.run.EmbeddedServices;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options for the ports of the embedded services; a picocli mixin. */
final class PortOptions {
  private static final int HIGHEST = 65_535;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = EmbeddedServices.KAFKA_PORT,
      paramLabel = "PORT",
      defaultValue = "9092",
      description = "Of the Kafka broker; 0 takes any free one. Default: ${DEFAULT-VALUE}.")
  private int kafka;

  @Option(
      names = EmbeddedServices.QDRANT_PORT,
      paramLabel = "PORT",
      defaultValue = "6334",
      description = "Of the vector store; 0 takes any free one. Default: ${DEFAULT-VALUE}.")
  private int qdrant;

  void check() {
    check(EmbeddedServices.KAFKA_PORT, kafka);
    check(EmbeddedServices.QDRANT_PORT, qdrant);
  }

  private void check(String option, int port) {
    if (port < 0 || port > HIGHEST) {
      throw new ParameterException(
          spec.commandLine(), option + " must be from 0 to " + HIGHEST + ", but is " + port);
    }
  }

  int kafka() {
    return kafka;
  }

  int qdrant() {
    return qdrant;
  }
}
