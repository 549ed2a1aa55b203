package io.vectorstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The API in a process of its own. */
@ExtendWith(SharedServices.class)
class ServeIT {
  private static final Pattern ADDRESS = Pattern.compile("The API is at (http://\\S+:\\d+),");

  @Test
  void the_api_is_served_where_there_is_no_spark(Services services, @TempDir Path folder)
      throws Exception {
    try (Deployment deployment = new Deployment(services, folder)) {
      deployment.send(
          Shop.event("view", "ada", Shop.product("mug", "Mug", "Of stoneware", "Kitchen", 8)));
      try (RunningPipeline pipeline = deployment.start()) {
        pipeline.awaitRecords(1);
        pipeline.await(() -> deployment.stored().countPending() == 0);
        pipeline.await(() -> pipeline.health().state().isReady());
      }
      List<String> settings = new ArrayList<>(deployment.given());
      settings.add("http.port=0");

      try (ChildProgram program =
          ChildProgram.withClassPath(folder.resolve("serve"), withoutSpark(), "serve", settings)) {
        program.awaitText("Embedding with");
        Matcher address = ADDRESS.matcher(program.said());
        assertThat(address.find()).as(program.said()).isTrue();
        String url = address.group(1);

        assertThat(get(url + "/health/ready").statusCode()).isEqualTo(200);
        assertThat(get(url + "/health").body()).contains("\"status\":\"up\"", "\"qdrant\"");
        assertThat(get(url + "/search?q=something+to+drink+from").body())
            .contains("\"id\":\"mug\"");
        assertThat(get(url + "/products/mug").body()).contains("\"view\":1");
        assertThat(get(url + "/dead-letters").body()).contains("\"total\":0");
        assertThat(get(url + "/openapi.json").statusCode()).isEqualTo(200);
        assertThat(get(url + "/docs").statusCode()).isEqualTo(200);
      }
    }
  }

  /** Returns the class path without the libraries that only Spark needs: Hadoop and Scala. */
  private static String withoutSpark() {
    String all = System.getProperty("java.class.path");
    String rest =
        Arrays.stream(all.split(File.pathSeparator))
            .filter(
                jar ->
                    !jar.matches(".*/(org/apache/(spark|hadoop)|org/scala-lang)/.*")
                        && !jar.matches(".*/(spark|hadoop|scala)-[^/]*[.]jar"))
            .collect(Collectors.joining(File.pathSeparator));
    assertThat(rest.length()).isLessThan(all.length() - 1000);
    return rest;
  }

  private static HttpResponse<String> get(String url) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
  }
}
