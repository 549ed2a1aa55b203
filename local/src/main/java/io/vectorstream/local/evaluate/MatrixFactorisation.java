package io.vectorstream.local.evaluate;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.process.TemporaryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.ml.recommendation.ALS;
import org.apache.spark.ml.recommendation.ALSModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A contender that knows behaviour alone: the matrix of users and products as the product of two
 * smaller ones, by alternating least squares for implicit feedback (Y. Hu, Y. Koren, C. Volinsky:
 * Collaborative Filtering for Implicit Feedback Datasets, ICDM 2008), computed by Spark MLlib.
 */
final class MatrixFactorisation implements Contender {

  private static final int RANK = 32;
  private static final int ITERATIONS = 10;

  /**
   * The iterations after which Spark forgets how it came to the factors: a long way is a deep
   * stack.
   */
  private static final int CHECKPOINT = 2;

  private static final double REGULARISATION = 0.1;
  private static final double CONFIDENCE = 10;

  /** The parts of the matrix: with another number, sums are added up in another order. */
  private static final int PARTS = 2;

  private final Map<String, float[]> users;
  private final List<String> products;
  private final List<float[]> factors;

  private MatrixFactorisation(
      Map<String, float[]> users, List<String> products, List<float[]> factors) {
    this.users = users;
    this.products = products;
    this.factors = factors;
  }

  /**
   * Learns from events. Starts Spark and stops it again.
   *
   * @param seed the same number gives the same factors
   */
  static MatrixFactorisation of(List<ShopEvent> training, long seed) {
    Numbered users = new Numbered();
    Numbered products = new Numbered();
    Map<List<Integer>, Float> wanted = new LinkedHashMap<>();
    for (ShopEvent event : training) {
      if (Split.isWanted(event.type())) {
        wanted.merge(
            List.of(users.of(event.userId()), products.of(event.product().id())), 1f, Float::sum);
      }
    }
    List<Row> rows = new ArrayList<>();
    wanted.forEach((cell, count) -> rows.add(RowFactory.create(cell.get(0), cell.get(1), count)));
    Path checkpoints = folder();
    SparkSession spark = spark();
    try {
      spark.sparkContext().setCheckpointDir(checkpoints.toString());
      StructType columns =
          new StructType()
              .add("user", DataTypes.IntegerType)
              .add("item", DataTypes.IntegerType)
              .add("rating", DataTypes.FloatType);
      ALSModel model =
          new ALS()
              .setImplicitPrefs(true)
              .setRank(RANK)
              .setMaxIter(ITERATIONS)
              .setRegParam(REGULARISATION)
              .setAlpha(CONFIDENCE)
              .setNumBlocks(PARTS)
              .setCheckpointInterval(CHECKPOINT)
              .setSeed(seed)
              .fit(spark.createDataFrame(rows, columns));
      Map<String, float[]> userFactors = factors(model.userFactors(), users);
      Map<String, float[]> itemFactors = factors(model.itemFactors(), products);
      List<String> ids = itemFactors.keySet().stream().sorted().toList();
      return new MatrixFactorisation(userFactors, ids, ids.stream().map(itemFactors::get).toList());
    } finally {
      spark.stop();
      FileUtils.deleteQuietly(checkpoints.toFile());
    }
  }

  /** Names, each with a number from 0. */
  private static final class Numbered {
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> names = new ArrayList<>();

    private int of(String name) {
      return numbers.computeIfAbsent(
          name,
          added -> {
            names.add(added);
            return names.size() - 1;
          });
    }
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory(TemporaryFolder.path(), "factors-");
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary folder can be made", e);
    }
  }

  private static SparkSession spark() {
    return SparkSession.builder()
        .appName("vectorstream-evaluate")
        .master("local[" + PARTS + "]")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.default.parallelism", PARTS)
        .config("spark.sql.shuffle.partitions", PARTS)
        .config("spark.ui.enabled", false)
        .getOrCreate();
  }

  private static Map<String, float[]> factors(Dataset<Row> rows, Numbered of) {
    Map<String, float[]> factors = new HashMap<>();
    for (Row row : rows.collectAsList()) {
      List<Float> values = row.getList(1);
      float[] vector = new float[values.size()];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = values.get(i);
      }
      factors.put(of.names.get(row.getInt(0)), vector);
    }
    return factors;
  }

  @Override
  public List<String> recommend(Question question, int limit) {
    float[] user = users.get(question.userId());
    if (user == null) {
      return List.of();
    }
    double[] scores = factors.stream().mapToDouble(product -> dot(user, product)).toArray();
    return question.allowed(
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
            .map(products::get)
            .toList(),
        limit);
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
