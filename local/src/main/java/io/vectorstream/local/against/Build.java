package io.vectorstream.local.against;

import io.vectorstream.local.run.RunException;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A build of the program that can be run in a process of its own.
 *
 * @param name for a reader
 * @param command that starts it; the arguments of the program follow
 * @param onClose removes what was made for it
 */
public record Build(String name, List<String> command, Runnable onClose) implements AutoCloseable {
  private static final String LAUNCHER = "vectorstream";
  private static final String MAIN = "io.vectorstream.local.Main";

  /** Returns the build that is running, with its own JVM and flags. */
  public static Build running() {
    return onClasspath("this build", System.getProperty("java.class.path"));
  }

  /**
   * Finds another build.
   *
   * @param other a jar, whose manifest names what it needs; the folder of a checkout; or a commit
   *     of this checkout, which is built in a temporary worktree until the build is closed
   * @param home the folder of this checkout; null where there is none
   * @param log receives what the build of a commit prints
   * @throws IllegalArgumentException when it is none of these
   */
  public static Build find(String other, Path home, Path log, PrintStream out)
      throws InterruptedException {
    Path path = Path.of(other);
    if (Files.isDirectory(path)) {
      return checkout(other, path);
    }
    if (Files.isRegularFile(path)) {
      return onClasspath(other, path.toAbsolutePath().toString());
    }
    return commit(other, home, log, out)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--against %s is not there; expected a jar, the folder of a checkout, or a commit%s"
                        .formatted(other, home == null ? "" : " of " + home)));
  }

  private static Build checkout(String name, Path folder) {
    Path launcher = folder.resolve(LAUNCHER).toAbsolutePath();
    if (!Files.isExecutable(launcher)) {
      throw new IllegalArgumentException(
          "--against %s is a folder without the program %s; expected the folder of a checkout"
              .formatted(name, LAUNCHER));
    }
    return new Build(name, List.of(launcher.toString()), () -> {});
  }

  private static Build onClasspath(String name, String classpath) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        // A debugger's port is taken.
        .filter(flag -> !flag.startsWith("-agentlib:jdwp"))
        .forEach(command::add);
    command.addAll(List.of("-cp", classpath, MAIN));
    return new Build(name, List.copyOf(command), () -> {});
  }

  private static Optional<Build> commit(String commit, Path home, Path log, PrintStream out)
      throws InterruptedException {
    if (home == null || commit.startsWith("-")) {
      return Optional.empty();
    }
    Optional<String> hash =
        git(home, List.of("rev-parse", "--verify", "--quiet", commit + "^{commit}"));
    if (hash.isEmpty()) {
      return Optional.empty();
    }
    Path folder = temporaryFolder().resolve("checkout");
    String short12 = hash.get().substring(0, Math.min(12, hash.get().length()));
    String name = commit.equals(hash.get()) ? short12 : commit + " (" + short12 + ")";
    git(home, List.of("worktree", "add", "--detach", folder.toString(), hash.get()))
        .orElseThrow(() -> new RunException("git cannot check out " + commit + " in " + folder));
    Build build =
        new Build(name, checkout(name, folder).command(), () -> removeWorktree(home, folder));
    try {
      out.println("Building " + name + " in " + folder);
      List<String> help = new ArrayList<>(build.command());
      help.add("--help");
      int status =
          new ProcessBuilder(help)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start()
              .waitFor();
      if (status != 0) {
        throw new RunException(
            "%s cannot be built: status %d; its output is in %s".formatted(name, status, log));
      }
      return Optional.of(build);
    } catch (IOException e) {
      build.close();
      throw new UncheckedIOException("the build of " + name + " cannot be started", e);
    } catch (RuntimeException | InterruptedException e) {
      build.close();
      throw e;
    }
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("vectorstream-against");
    } catch (IOException e) {
      throw new UncheckedIOException("there is no place for a temporary worktree", e);
    }
  }

  private static void removeWorktree(Path home, Path folder) {
    try {
      git(home, List.of("worktree", "remove", "--force", folder.toString()));
      Files.deleteIfExists(folder.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException("the worktree " + folder + " cannot be removed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns what git prints; empty if it fails, or is not there. */
  private static Optional<String> git(Path home, List<String> arguments)
      throws InterruptedException {
    List<String> command =
        Stream.concat(Stream.of("git", "-C", home.toString()), arguments.stream()).toList();
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .start();
      String text =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0 ? Optional.of(text) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    onClose.run();
  }
}
