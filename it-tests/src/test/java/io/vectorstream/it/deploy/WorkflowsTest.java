package io.vectorstream.it.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vectorstream.local.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The consistency of GitHub's workflows with the files around them, as far as possible here. */
class WorkflowsTest {
  private static final String FOLDER = ".github/workflows";

  /** A pinned action: a tag can be moved; the version is for readers, and for Dependabot. */
  private static final Pattern PINNED =
      Pattern.compile(
          "(?m)^\\s*(?:- )?uses: [\\w.-]+/[\\w./-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+$");

  private static final Pattern USES = Pattern.compile("(?m)^\\s*(?:- )?uses:.*$");

  /** The files of the repository that a command names, without built or measured ones. */
  private static final Pattern OWN_FILE =
      Pattern.compile("(?<![\\w./$}-])(?:\\./|\\.ci/|workloads/)[\\w./-]+");

  private static final Pattern COMMAND = Pattern.compile("\\./vectorstream (\\S+)");

  static Stream<String> workflows() throws IOException {
    try (Stream<Path> files = Files.list(DeployFiles.root().resolve(FOLDER))) {
      return files.map(file -> FOLDER + "/" + file.getFileName()).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void actions_are_pinned_to_a_commit_and_say_their_version(String file) {
    String text = DeployFiles.text(file);
    assertThat(matches(USES, text)).isNotEmpty().isEqualTo(matches(PINNED, text));
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void a_job_may_only_read_unless_it_says_otherwise_and_does_not_go_on_for_ever(String file) {
    JsonNode workflow = DeployFiles.yaml(file).get(0);
    assertThat(workflow.path("permissions").toString()).isEqualTo("{\"contents\":\"read\"}");
    assertThat(workflow.path("concurrency").has("group")).isTrue();
    workflow
        .get("jobs")
        .properties()
        .forEach(
            job -> {
              assertThat(job.getValue().path("timeout-minutes").isInt()).as(job.getKey()).isTrue();
              assertThat(DeployFiles.strings(job.getValue().path("permissions")))
                  .as(job.getKey())
                  .isSubsetOf("contents", "actions", "pages", "id-token", "attestations");
              assertThat(
                      job.getValue().at("/permissions/contents").asText("read").equals("write")
                          ? job.getKey()
                          : "publish")
                  .as("the one job that may write to the repository runs nothing of a build")
                  .isEqualTo("publish");
            });
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void what_is_run_is_there(String file) {
    for (JsonNode job : DeployFiles.yaml(file).get(0).get("jobs")) {
      for (JsonNode step : job.get("steps")) {
        String script = step.path("run").asText();
        assertThat(matches(OWN_FILE, script))
            .allSatisfy(name -> assertThat(DeployFiles.root().resolve(name)).exists());
        COMMAND
            .matcher(script)
            .results()
            .forEach(
                command ->
                    assertThat(Main.commandLine().getSubcommands()).containsKey(command.group(1)));
      }
    }
  }

  private static List<String> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(MatchResult::group).toList();
  }
}
