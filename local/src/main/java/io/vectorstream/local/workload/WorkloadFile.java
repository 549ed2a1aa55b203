package io.vectorstream.local.workload;

import static io.vectorstream.local.workload.Values.duration;
import static io.vectorstream.local.workload.Values.number;
import static io.vectorstream.local.workload.Values.wholeNumber;

import io.vectorstream.config.SettingsException;
import io.vectorstream.config.YamlDocument;
import io.vectorstream.local.run.Rate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.nodes.MappingNode;

/**
 * A workload in YAML. The fields are the components of {@link Workload} in snake case; {@code
 * workloads/README.md} explains them.
 */
public final class WorkloadFile {
  /** The system property with the project's folder, where the launcher is, which sets it. */
  public static final String HOME = "vectorstream.home";

  private static final String FOLDER = "workloads";
  private static final String SUFFIX = ".yaml";
  private static final int MANY = Integer.MAX_VALUE;
  private static final int MOST_PARTITIONS = 10_000;
  private static final int MOST_CORES = 1024;
  private static final int MOST_RATES = 50;

  private WorkloadFile() {}

  /**
   * @param name a file, or the bare name of one of the workloads that come with the project
   * @throws SettingsException when there is no such file, or its content is wrong; it lists every
   *     problem
   */
  public static Workload find(String name) {
    if (name.endsWith(SUFFIX) || name.contains("/") || name.contains("\\")) {
      return read(Path.of(name));
    }
    Path bundled = folder().resolve(name + SUFFIX);
    if (!Files.exists(bundled)) {
      throw new SettingsException(
          List.of(
              "there is no workload '%s'; expected a file, such as %s, or one of %s"
                  .formatted(name, "my" + SUFFIX, names())));
    }
    return read(bundled);
  }

  private static Path folder() {
    return Path.of(System.getProperty(HOME, "")).resolve(FOLDER);
  }

  private static String names() {
    if (!Files.isDirectory(folder())) {
      return "those in " + folder().toAbsolutePath() + ", which is not there";
    }
    try (Stream<Path> files = Files.list(folder())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(SUFFIX))
          .map(file -> file.substring(0, file.length() - SUFFIX.length()))
          .sorted()
          .collect(Collectors.joining(", "));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @throws SettingsException when there is no such file, or its content is wrong; it lists every
   *     problem
   */
  public static Workload read(Path file) {
    YamlDocument document = YamlDocument.read(file, "workload file");
    List<String> problems = new ArrayList<>();
    if (!(document.root() instanceof MappingNode root)) {
      throw new SettingsException(
          List.of(file + ": expected the fields of a workload, such as rate: 1000"));
    }
    Fields fields = new Fields(document, root, "", problems);
    Workload workload = workload(fields);
    fields.refuseOthers();
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return workload;
  }

  private static Workload workload(Fields fields) {
    String name = fields.required("name", Values.text());
    String description = fields.value("description", Values.text());
    Rate rate = fields.value("rate", Rate::parse);
    Duration duration = fields.value("duration", duration());
    Duration warmup = fields.value("warmup", duration());
    Double minRate = fields.value("min_rate", number(Double.MIN_VALUE, Double.MAX_VALUE));
    Integer products = fields.value("products", wholeNumber(1, MANY));
    Integer users = fields.value("users", wholeNumber(1, MANY));
    Double skew = fields.value("skew", number(0, 10));
    Double malformed = fields.value("malformed", number(0, 1));
    Double duplicates = fields.value("duplicates", number(0, 1));
    Double late = fields.value("late", number(0, 1));
    Double changing = fields.value("changing", number(0, 1));
    Long seed = fields.value("seed", Values.seed());
    Integer partitions = fields.value("partitions", wholeNumber(1, MOST_PARTITIONS));
    Duration trigger = fields.value("trigger", duration());
    Integer cores = fields.value("cores", wholeNumber(1, MOST_CORES));
    return new Workload(
        name,
        description,
        rate,
        duration,
        warmup,
        minRate,
        products,
        users,
        skew,
        malformed,
        duplicates,
        late,
        changing,
        seed,
        partitions,
        trigger,
        cores,
        fields.group("sweep").map(WorkloadFile::sweep).orElse(null));
  }

  private static SweepSettings sweep(Fields fields) {
    Duration warmup = fields.required("warmup", duration());
    Double tolerance = fields.required("tolerance", number(0.01, 1));
    Integer rates = fields.required("rates", wholeNumber(1, MOST_RATES));
    Duration confirm = fields.required("confirm", duration());
    List<Integer> products = fields.list("products", wholeNumber(1, MANY));
    List<Integer> partitions = fields.list("partitions", wholeNumber(1, MOST_PARTITIONS));
    List<Duration> triggers = fields.list("trigger", duration());
    List<Integer> cores = fields.list("cores", wholeNumber(1, MOST_CORES));
    fields.refuseOthers();
    // Problems are reported when all is read; until then, any value will do.
    return new SweepSettings(
        warmup,
        tolerance == null ? 0 : tolerance,
        rates == null ? 0 : rates,
        confirm,
        products,
        partitions,
        triggers,
        cores);
  }
}
