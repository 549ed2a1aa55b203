package io.vectorstream.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vectorstream.config.Secret;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** The tokens of the settings, kept as digests: one for reading and changing, one for reading. */
final class Tokens {
  private final byte[] change;
  private final byte[] read;

  private Tokens(byte[] change, byte[] read) {
    this.change = change;
    this.read = read;
  }

  /**
   * @throws SettingsException when a token cannot be read, is too short, or is given for both
   */
  static Tokens of(Settings.Http settings) {
    Secret change = settings.resolvedToken();
    Secret read = settings.resolvedReadToken();
    if (!read.isEmpty() && read.equals(change)) {
      throw new SettingsException(
          List.of(
              "http.read_token: the token is that of http.token, which is for changes as well;"
                  + " expected another one, or none"));
    }
    return new Tokens(digestOrNull(change), digestOrNull(read));
  }

  private static byte[] digestOrNull(Secret token) {
    return token.isEmpty() ? null : digest(token.value());
  }

  /** Returns whether there is at least one token. */
  boolean areSet() {
    return change != null || read != null;
  }

  boolean letChange() {
    return change != null;
  }

  /**
   * Returns the rights of a given token; {@link AccessControl.Caller#STRANGER} if it is a wrong
   * one.
   */
  AccessControl.Caller caller(String shown) {
    byte[] digest = digest(shown);
    // Digests have one length, and both are compared: the time that this takes reveals nothing.
    boolean mayChange = MessageDigest.isEqual(change, digest);
    boolean mayRead = MessageDigest.isEqual(read, digest);
    if (mayChange) {
      return AccessControl.Caller.CHANGER;
    }
    return mayRead ? AccessControl.Caller.READER : AccessControl.Caller.STRANGER;
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
