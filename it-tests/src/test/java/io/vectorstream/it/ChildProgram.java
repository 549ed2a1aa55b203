package io.vectorstream.it;

import io.vectorstream.local.Main;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The program as users run it: the command line in a JVM of its own, with the shipped logging. Its
 * output and its log are in files.
 */
public final class ChildProgram implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Path said;
  private final Path log;
  private final Process process;

  /**
   * Starts it.
   *
   * @param folder where its output and its log go
   * @param environment beside this process's own
   */
  public ChildProgram(Path folder, Map<String, String> environment, List<String> arguments)
      throws IOException {
    this(folder, System.getProperty("java.class.path"), List.of(), environment, arguments);
  }

  /**
   * Starts it as {@code run}, to be killed soon, so it is configured for a quick start on few
   * cores.
   *
   * @param folder where its output and its log go
   * @param rules of Byteman, which change its behaviour at certain places; null for none
   * @param settings as {@code name=value}
   */
  public static ChildProgram run(Path folder, Path rules, List<String> settings)
      throws IOException {
    List<String> flags = new ArrayList<>(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    String classPath = withoutTests();
    List<String> always = new ArrayList<>(platformFlags());
    always.addAll(flags);
    flags.addAll(ChildArchive.flags(classPath, always));
    if (rules != null) {
      flags.add(byteman(rules));
    }
    return new ChildProgram(folder, classPath, flags, Map.of(), arguments("run", settings));
  }

  /** Returns the class path of this JVM without the classes of the tests. */
  private static String withoutTests() {
    Path target = ModuleFolder.path().resolve("target");
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !Path.of(entry).startsWith(target))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** The flag that has Byteman follow the rules in a file. */
  public static String byteman(Path rules) {
    String agent =
        org.jboss.byteman.agent.Main.class
            .getProtectionDomain()
            .getCodeSource()
            .getLocation()
            .getPath();
    return "-javaagent:" + agent + "=script:" + rules;
  }

  /**
   * Starts a command with another class path than this JVM's.
   *
   * @param folder where its output and its log go
   * @param settings as {@code name=value}
   */
  public static ChildProgram withClassPath(
      Path folder, String classPath, String command, List<String> settings) throws IOException {
    return new ChildProgram(folder, classPath, List.of(), Map.of(), arguments(command, settings));
  }

  /** A command with its settings, which are as {@code name=value}. */
  public static List<String> arguments(String command, List<String> settings) {
    List<String> arguments = new ArrayList<>(List.of(command));
    settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));
    return arguments;
  }

  private ChildProgram(
      Path folder,
      String classPath,
      List<String> flags,
      Map<String, String> environment,
      List<String> arguments)
      throws IOException {
    this(folder, environment, () -> command(folder, classPath, flags, arguments));
  }

  /**
   * Returns the command that starts it, for {@link #startedBy}.
   *
   * @param folder where its log goes
   * @param flags of the JVM, beside those that it needs
   */
  public static List<String> command(Path folder, List<String> flags, List<String> arguments) {
    return command(folder, System.getProperty("java.class.path"), flags, arguments);
  }

  private static List<String> command(
      Path folder, String classPath, List<String> flags, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(platformFlags());
    command.addAll(
        List.of(
            "-Xmx1g",
            "-Dlog4j2.configurationFile=log4j2.xml",
            "-Dvectorstream.log.file=" + log(folder)));
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath, Main.class.getName()));
    command.addAll(arguments);
    return command;
  }

  /** Returns the flags that Spark needs of a JVM, which this one has been given too. */
  private static List<String> platformFlags() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("--add-opens") || flag.startsWith("-XX:+Ignore"))
        .toList();
  }

  private ChildProgram(Path folder, Map<String, String> environment, Supplier<List<String>> command)
      throws IOException {
    said = Files.createDirectories(folder).resolve("said.txt");
    log = log(folder);
    ProcessBuilder builder =
        new ProcessBuilder(command.get()).redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().putAll(environment);
    process = builder.start();
  }

  /**
   * Starts it by another program, such as spark-submit.
   *
   * @param folder where its output goes
   * @param environment beside this process's own
   * @param command the program to start, then its arguments
   */
  public static ChildProgram startedBy(
      Path folder, Map<String, String> environment, List<String> command) throws IOException {
    return new ChildProgram(folder, environment, () -> command);
  }

  /** Returns the java that runs this test. */
  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static Path log(Path folder) {
    return folder.resolve("vectorstream.log");
  }

  public long pid() {
    return process.pid();
  }

  /** Asks it to end, as Ctrl-C does. */
  public void terminate() {
    process.destroy();
  }

  /** The processes that it has started, and those that these have. */
  public Stream<ProcessHandle> descendants() {
    return process.descendants();
  }

  /** Returns standard output and standard error together. */
  public String said() {
    return text(said);
  }

  /** Returns its log. */
  public String logged() {
    return text(log);
  }

  /** Waits until this text is in its output or its log. */
  public void awaitText(String text) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> {
              boolean ended = !process.isAlive();
              boolean there = said().contains(text) || text(log).contains(text);
              if (ended && !there) {
                throw new IllegalStateException(
                    "ended without saying '%s', but: %s".formatted(text, said()));
              }
              return there;
            });
  }

  /** Waits for the condition; fails at once if it ends before. */
  public void await(Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new IllegalStateException("has ended, and said: " + said());
              }
              return condition.call();
            });
  }

  /** Returns whether its output contains the text in time; fails at once if it ends before. */
  public boolean saysWithin(Duration time, String text) {
    long end = System.nanoTime() + time.toNanos();
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> said().contains(text) || !process.isAlive() || System.nanoTime() > end);
    if (!process.isAlive()) {
      throw new IllegalStateException("ended without saying '%s', but: %s".formatted(text, said()));
    }
    return said().contains(text);
  }

  /** Sends SIGKILL. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Sends SIGSTOP: it does nothing until it is resumed, and no other process is notified. */
  public void pause() {
    signal("STOP", process.toHandle());
  }

  /** Sends SIGCONT. */
  public void resume() {
    signal("CONT", process.toHandle());
  }

  /** Sends a signal by its name, such as STOP; none to a process that has ended. */
  public static void signal(String name, ProcessHandle process) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until it ends by itself, and gives its exit status. */
  public int awaitEnd() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("does not end; it said: " + said());
    }
    return process.exitValue();
  }

  private static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks it to end, as Ctrl-C does, and kills it if it does not. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
