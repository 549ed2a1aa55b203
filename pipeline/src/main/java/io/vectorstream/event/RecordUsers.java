package io.vectorstream.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The users that a record names, which need not be an event: its key, and whatever follows the name
 * {@code user_id} in its value.
 */
final class RecordUsers {

  private static final String NAME = "user_id";
  private static final JsonFactory JSON = new JsonFactory();

  /** In what is no JSON, or ends too early: the text up to a quotation mark, or a bare word. */
  private static final Pattern IN_TEXT =
      Pattern.compile(NAME + "[\"']?\\s*[:=]\\s*(?:\"([^\"]*)|'([^']*)|([^\\s\"',;&}\\]]+))");

  private RecordUsers() {}

  static Set<String> of(byte[] key, byte[] value) {
    Set<String> users = new HashSet<>();
    if (key != null) {
      users.add(new String(key, UTF_8));
    }
    if (value != null) {
      addFromJson(value, users);
      addFromText(new String(value, UTF_8), users);
    }
    return users;
  }

  /** As far as it is JSON. */
  private static void addFromJson(byte[] value, Set<String> users) {
    try (JsonParser json = JSON.createParser(value)) {
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.FIELD_NAME && json.currentName().equals(NAME)) {
          JsonToken token = json.nextToken();
          if (token != null && token.isScalarValue()) {
            users.add(json.getText());
          }
        }
      }
    } catch (IOException e) {
      // It may be anything: that is why it is a dead letter.
    }
  }

  private static void addFromText(String value, Set<String> users) {
    Matcher named = IN_TEXT.matcher(value);
    while (named.find()) {
      for (int group = 1; group <= named.groupCount(); group++) {
        if (named.group(group) != null) {
          users.add(named.group(group));
        }
      }
    }
  }
}
