package io.vectorstream.it;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * An extension that has classes which are {@link Alone} wait for those of other JVMs, and those for
 * them: by a lock on a file, which is shared by all others.
 */
public final class Turns implements BeforeAllCallback, AfterAllCallback {
  private static final Namespace NAMESPACE = Namespace.create(Turns.class);

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    if (isNested(context)) {
      return;
    }
    Path file =
        Files.createDirectories(ModuleFolder.path().resolve("target")).resolve("turns.lock");
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    context.getStore(NAMESPACE).put(FileChannel.class, channel);
    boolean shared = !context.getRequiredTestClass().isAnnotationPresent(Alone.class);
    channel.lock(0, Long.MAX_VALUE, shared);
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    if (!isNested(context)) {
      context.getStore(NAMESPACE).get(FileChannel.class, FileChannel.class).close();
    }
  }

  private static boolean isNested(ExtensionContext context) {
    return context.getRequiredTestClass().getEnclosingClass() != null;
  }
}
