package io.vectorstream.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vectorstream.event.BrokenRecordException;
import java.io.IOException;

/** JSON in memory, of a limited size. */
final class JsonBytes {

  private static final JsonFactory JSON = new JsonFactory();

  private JsonBytes() {}

  /** What writes the JSON. */
  interface Content {
    /**
     * @throws IOException if what it reads is not as it should be, or if there is too much of it
     */
    void write(JsonGenerator json) throws BrokenRecordException, IOException;
  }

  /**
   * Returns the JSON, in UTF-8.
   *
   * @param expected the number of bytes that it is made of
   */
  static byte[] of(int expected, Content content) throws BrokenRecordException {
    BoundedBytes bytes = new BoundedBytes(2 * expected + 64);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      // What was begun when it fails stays as it is.
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
      content.write(json);
    } catch (BoundedBytes.TooManyException e) {
      throw Broken.broken(
          "the value becomes %s of JSON, which is not read".formatted(e.getMessage()));
    } catch (IOException e) {
      throw Broken.broken("the value is not of its schema: " + e.getMessage());
    }
    return bytes.toByteArray();
  }
}
