package io.vectorstream.format;

import com.fasterxml.jackson.databind.JsonNode;
import io.vectorstream.config.KeptSecret;
import io.vectorstream.config.Registry;
import io.vectorstream.config.Secret;
import io.vectorstream.event.BrokenRecordException;
import io.vectorstream.event.IncomingRecord;
import io.vectorstream.event.JsonFormat;
import io.vectorstream.event.RecordFormat;
import io.vectorstream.process.JvmRegistry;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** The format of values that say themselves what they are, see {@link ValueDecoder}. */
public final class DecodedFormat implements RecordFormat {

  private static final long serialVersionUID = 1L;

  private static final Secret NONE = new Secret("");

  private final Registry registry;
  private final KeptSecret password;
  private transient ValueDecoder decoder;

  /**
   * @param registry the registry of schemas; one without an address stands for none. Its files must
   *     have been read
   * @param password the registry's
   */
  public DecodedFormat(Registry registry, KeptSecret password) {
    this.registry = registry.withPassword(NONE);
    this.password = password;
  }

  @Override
  public JsonNode read(IncomingRecord record) throws BrokenRecordException {
    return JsonFormat.tree(decoder().decode(record.value(), new RecordHeaders(record.headers())));
  }

  /** Another answer of the registry would make something else of a record. */
  @Override
  public void requireSameAgain() {
    if (registry.exists()) {
      throw new RegistryException(
          "records were lost after they were read, and the schema registry may answer otherwise now: the batch is tried again from its beginning",
          true,
          null);
    }
  }

  /**
   * Checks that the registry answers, if there is one.
   *
   * @throws RegistryException if it does not
   */
  public void check() {
    decoder().check();
  }

  /** Returns the decoder that all tasks of this process share, with the schemas that it knows. */
  private ValueDecoder decoder() {
    if (decoder == null) {
      Registry settings = registry.withPassword(password());
      decoder = JvmRegistry.get(ValueDecoder.class, settings, () -> new ValueDecoder(settings));
    }
    return decoder;
  }

  /** Returns the password, for which an executor asks its driver. */
  private Secret password() {
    try {
      return password.get();
    } catch (RuntimeException e) {
      throw new RegistryException(
          "the password of the schema registry is not known: " + e.getMessage(), true, e);
    }
  }
}
