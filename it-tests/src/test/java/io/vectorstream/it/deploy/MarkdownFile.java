package io.vectorstream.it.deploy;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A document of the repository.
 *
 * @param path its file
 * @param prose its lines outside of code blocks
 * @param code its lines within code blocks; one that ends with a backslash has the next one with it
 */
record MarkdownFile(Path path, List<String> prose, List<String> code) {
  private static final Set<String> NOT_OURS = Set.of("target", "node_modules", ".git");

  private static final Pattern FENCE = Pattern.compile("\\s*(?:```|~~~).*");
  private static final Pattern COMMENT = Pattern.compile("(?s)<!--.*?-->");
  private static final Pattern HEADING = Pattern.compile("#{1,6}\\s+(.*?)\\s*#*\\s*");
  private static final Pattern LINK = Pattern.compile("!?\\[([^\\]]*)]\\([^)]*\\)");
  private static final Pattern TARGET = Pattern.compile("]\\(\\s*<?([^)\\s>]+)[^)]*\\)");
  private static final Pattern REFERENCE = Pattern.compile("^\\s*\\[[^\\]]+]:\\s*(\\S+)");
  private static final Pattern SPAN = Pattern.compile("(?<!`)`([^`]+)`(?!`)");

  static MarkdownFile read(Path path) throws IOException {
    List<String> prose = new ArrayList<>();
    List<String> code = new ArrayList<>();
    boolean inCode = false;
    boolean goesOn = false;
    for (String line : COMMENT.matcher(Files.readString(path)).replaceAll("").split("\n", -1)) {
      if (FENCE.matcher(line).matches()) {
        inCode = !inCode;
      } else if (!inCode) {
        prose.add(line);
      } else if (goesOn) {
        String before = code.remove(code.size() - 1);
        code.add(before.substring(0, before.length() - 1) + line);
      } else {
        code.add(line);
      }
      goesOn = inCode && line.endsWith("\\");
    }
    return new MarkdownFile(path, prose, code);
  }

  /** All of the repository, without what a build has made. */
  static List<MarkdownFile> all() throws IOException {
    List<MarkdownFile> files = new ArrayList<>();
    Files.walkFileTree(
        DeployFiles.root(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return NOT_OURS.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (file.toString().endsWith(".md")) {
              files.add(read(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }

  /** Returns the targets of its links and pictures. */
  List<String> links() {
    List<String> links = new ArrayList<>();
    for (String line : prose) {
      TARGET.matcher(line).results().forEach(link -> links.add(link.group(1)));
      REFERENCE.matcher(line).results().forEach(link -> links.add(link.group(1)));
    }
    return links;
  }

  /** Returns the texts in backticks. */
  List<String> spans() {
    return SPAN.matcher(String.join("\n", prose))
        .results()
        .map(span -> span.group(1).replaceAll("\\s+", " "))
        .toList();
  }

  /** Returns GitHub's anchors of its headings. */
  Set<String> anchors() {
    Set<String> anchors = new HashSet<>();
    Map<String, Integer> seen = new HashMap<>();
    for (String line : prose) {
      var heading = HEADING.matcher(line);
      if (heading.matches()) {
        String slug = slug(heading.group(1));
        int before = seen.merge(slug, 1, Integer::sum) - 1;
        anchors.add(before == 0 ? slug : slug + "-" + before);
      }
    }
    return anchors;
  }

  private static String slug(String heading) {
    return LINK.matcher(heading)
        .replaceAll("$1")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{M}\\p{N}\\p{Pc} -]", "")
        .replace(' ', '-');
  }

  /** The lines of a table's body below a heading, cell by cell. */
  List<List<String>> table(String heading) {
    return prose.stream()
        .dropWhile(line -> !line.matches("#+ " + Pattern.quote(heading)))
        .skip(1)
        .takeWhile(line -> !line.startsWith("#"))
        .filter(line -> line.startsWith("|"))
        .skip(2)
        .map(row -> List.of(row.substring(1).strip().split("\\s*\\|\\s*")))
        .toList();
  }

  @Override
  public String toString() {
    return DeployFiles.root().relativize(path).toString();
  }
}
