package io.vectorstream.stream;

import io.vectorstream.process.JvmRegistry;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.kafka010.KafkaMicroBatchStream;
import org.apache.spark.sql.kafka010.KafkaSourceProvider;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * Spark's own Kafka source, except that a {@link BatchPace} chooses the size of each batch; Spark's
 * source has one fixed number. Spark creates it by its class name; options are those of the {@code
 * kafka} source, and {@link #PACE}.
 */
public final class PacedKafkaSource implements TableProvider {

  /** The option with the name of a pace, as {@link #register} returned it. */
  static final String PACE = "vectorstream.pace";

  private final KafkaSourceProvider kafka = new KafkaSourceProvider();

  /** Makes a pace known to the sources of this process until it is removed; returns its name. */
  static String register(BatchPace pace) {
    String name = UUID.randomUUID().toString();
    JvmRegistry.put(BatchPace.class, name, pace);
    return name;
  }

  static void forget(String name) {
    JvmRegistry.remove(BatchPace.class, name);
  }

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return kafka.inferSchema(options);
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    return new PacedTable(kafka.getTable(schema, partitioning, properties));
  }

  private record PacedTable(Table kafka) implements SupportsRead {

    @Override
    public String name() {
      return kafka.name();
    }

    @Override
    @SuppressWarnings("deprecation")
    public StructType schema() {
      return kafka.schema();
    }

    @Override
    public Set<TableCapability> capabilities() {
      return Set.of(TableCapability.MICRO_BATCH_READ, TableCapability.BATCH_READ);
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
      Scan scan = ((SupportsRead) kafka).newScanBuilder(options).build();
      return () -> new PacedScan(scan, options.get(PACE));
    }
  }

  private record PacedScan(Scan kafka, String pace) implements Scan {

    @Override
    public StructType readSchema() {
      return kafka.readSchema();
    }

    @Override
    public String description() {
      return kafka.description();
    }

    /** Returns ranges of offsets that are read again. */
    @Override
    public Batch toBatch() {
      Batch batch = kafka.toBatch();
      return new Batch() {
        @Override
        public InputPartition[] planInputPartitions() {
          return PacedStream.withRecordTimes(batch.planInputPartitions());
        }

        @Override
        public PartitionReaderFactory createReaderFactory() {
          return batch.createReaderFactory();
        }
      };
    }

    @Override
    public MicroBatchStream toMicroBatchStream(String checkpoint) {
      return new PacedStream(
          (KafkaMicroBatchStream) kafka.toMicroBatchStream(checkpoint),
          JvmRegistry.find(BatchPace.class, pace).orElseThrow());
    }
  }
}
