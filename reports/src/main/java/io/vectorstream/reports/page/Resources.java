package io.vectorstream.reports.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** The page's own files. */
final class Resources {
  private Resources() {}

  /**
   * @param name in this module's folder, or from the class path's root with a slash in front
   */
  static String text(String name) {
    String path = name.startsWith("/") ? name : "/io/vectorstream/reports/" + name;
    try (InputStream in = Resources.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("the class path has no " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the library that draws charts; its file lies in a folder named after its version. */
  static String echarts() {
    Properties artifact = new Properties();
    try {
      artifact.load(new StringReader(text("/META-INF/maven/org.mvnpm/echarts/pom.properties")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text(
        "/META-INF/resources/_static/echarts/%s/dist/echarts.min.js"
            .formatted(artifact.getProperty("version")));
  }
}
