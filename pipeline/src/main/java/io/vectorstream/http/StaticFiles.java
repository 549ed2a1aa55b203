package io.vectorstream.http;

import io.javalin.config.StaticFilesConfig;
import java.util.Map;
import org.eclipse.jetty.util.resource.Resource;
import org.eclipse.jetty.util.resource.ResourceFactory;

/**
 * The static files, all of them from the class path: the live page at {@code /}, the page that
 * shows the API at {@code /docs}, and the libraries of both.
 */
final class StaticFiles {
  private static final String SWAGGER = "META-INF/resources/webjars/swagger-ui";
  private static final String ECHARTS = "META-INF/resources/_static/echarts";

  /** Nothing from other hosts is loaded, run or framed; images may be embedded in a style. */
  static final String CONTENT_POLICY =
      "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
          + " form-action 'none'; frame-ancestors 'none'";

  private static final String HOUR = "max-age=3600";
  private static final String ASK_AGAIN = "no-cache";

  private StaticFiles() {}

  static void serve(StaticFilesConfig files) {
    add(files, "/docs", "docs", ASK_AGAIN);
    add(files, "/docs", onlyVersion(SWAGGER), HOUR);
    add(files, "/echarts", onlyVersion(ECHARTS) + "/dist", HOUR);
    add(files, "/", "web", ASK_AGAIN);
  }

  private static void add(StaticFilesConfig files, String path, String folder, String caching) {
    files.add(
        file -> {
          file.hostedPath = path;
          file.directory = folder;
          file.headers = Map.of("Cache-Control", caching);
        });
  }

  /** Returns the folder of a library's files, which is named after its only version. */
  private static String onlyVersion(String library) {
    Resource folder = ResourceFactory.root().newClassLoaderResource(library, false);
    if (folder == null) {
      throw new IllegalStateException("the folder " + library + " is missing from the class path");
    }
    return folder.list().stream()
        .filter(Resource::isDirectory)
        .map(version -> library + "/" + version.getFileName())
        .findFirst()
        .orElseThrow();
  }
}
