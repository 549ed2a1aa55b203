package io.vectorstream.it.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vectorstream.local.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The consistency of the documents with each other, the settings and the commands. */
class DocumentsTest {
  private static final String LAUNCHER = "./vectorstream ";
  private static final Pattern ELSEWHERE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*");
  private static final Pattern OPTION = Pattern.compile("(--[a-z][a-z0-9-]*)(=.*)?");
  private static final Pattern OWN_OF_SPARK_SECTION = Pattern.compile("spark\\.[a-z]+(_[a-z]+)+");
  private static final Pattern SET = Pattern.compile("--set[ =]([^\\s=]+)=");

  private final JsonNode settings = DeployFiles.yaml("config/vectorstream.yaml").get(0);

  /** A setting's name in a text, whose first part is a section of the settings file. */
  private final Pattern setting =
      Pattern.compile(
          DeployFiles.strings(settings).stream()
              .collect(Collectors.joining("|", "(?<![\\w./$-])(?:", ")(?:\\.\\w+)+")));

  private final List<MarkdownFile> documents;

  DocumentsTest() throws IOException {
    documents = MarkdownFile.all();
  }

  @Test
  void links_lead_to_files_and_headings_that_are_there() throws IOException {
    List<String> broken = new ArrayList<>();
    for (MarkdownFile document : documents) {
      for (String link : document.links()) {
        if (!ELSEWHERE.matcher(link).matches() && !leadsSomewhere(document, link)) {
          broken.add(document + ": " + link);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  private static boolean leadsSomewhere(MarkdownFile document, String link) throws IOException {
    String[] parts = link.split("#", 2);
    Path file =
        parts[0].isEmpty() ? document.path() : document.path().resolveSibling(parts[0]).normalize();
    if (!file.startsWith(DeployFiles.root()) || !Files.exists(file)) {
      return false;
    }
    return parts.length == 1 || MarkdownFile.read(file).anchors().contains(parts[1]);
  }

  @Test
  void settings_that_are_named_are_there() {
    List<String> unknown = new ArrayList<>();
    for (MarkdownFile document : documents) {
      Stream<String> named =
          Stream.concat(
              document.spans().stream()
                  .flatMap(span -> setting.matcher(span).results())
                  .map(MatchResult::group),
              document.code().stream()
                  .flatMap(line -> SET.matcher(line).results())
                  .map(set -> set.group(1)));
      named
          .filter(name -> !isOfSpark(name) && !isThere(name))
          .forEach(name -> unknown.add(document + ": " + name));
    }
    assertThat(unknown).isEmpty();
  }

  /**
   * Names of Spark's own have no underscore; those of the settings file that have one are known.
   */
  private static boolean isOfSpark(String name) {
    return name.startsWith("spark.") && !OWN_OF_SPARK_SECTION.matcher(name).matches();
  }

  /** An empty map takes any name. */
  private boolean isThere(String name) {
    JsonNode node = settings;
    for (String part : name.split("\\.")) {
      if (node.isObject() && node.isEmpty()) {
        return true;
      }
      if (!node.has(part)) {
        return false;
      }
      node = node.get(part);
    }
    return true;
  }

  @Test
  void commands_take_the_options_that_they_are_shown_with() {
    List<String> unknown = new ArrayList<>();
    int commands = 0;
    for (MarkdownFile document : documents) {
      for (String line :
          Stream.concat(document.code().stream(), document.spans().stream())
              .filter(text -> text.startsWith(LAUNCHER))
              .toList()) {
        commands++;
        unknownWords(line).forEach(word -> unknown.add(document + ": " + word + " in " + line));
      }
    }
    assertThat(commands).isPositive();
    assertThat(unknown).isEmpty();
  }

  private static List<String> unknownWords(String line) {
    List<String> unknown = new ArrayList<>();
    CommandLine command = Main.commandLine();
    // The text after a comment sign, a pipe, or the end of a command is not the command's own.
    for (String word :
        line.substring(LAUNCHER.length()).split("\\s(?:#|\\||&|;|>)")[0].split(" +")) {
      var option = OPTION.matcher(word);
      Map<String, CommandLine> subcommands = command.getSubcommands();
      if (subcommands.containsKey(word)) {
        command = subcommands.get(word);
      } else if (command.getParent() == null && !option.matches()) {
        unknown.add(word);
        break;
      } else if (option.matches()
          && !command.getCommandSpec().optionsMap().containsKey(option.group(1))) {
        unknown.add(option.group(1));
      }
    }
    return unknown;
  }

  @Test
  void the_readme_s_figures_are_measured() throws IOException {
    MarkdownFile readme = MarkdownFile.read(DeployFiles.root().resolve("README.md"));
    List<List<String>> headlines = readme.table("Headline figures");
    assertThat(headlines).hasSize(5);
    String measured = DeployFiles.text("docs/measurements.md");
    assertThat(headlines)
        .extracting(row -> row.get(row.size() - 1))
        .filteredOn(
            figure ->
                !Pattern.compile("(?<![\\d.,])" + Pattern.quote(figure) + "(?!\\d)")
                    .matcher(measured)
                    .find())
        .isEmpty();
  }
}
