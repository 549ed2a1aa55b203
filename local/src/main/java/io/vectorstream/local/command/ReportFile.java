package io.vectorstream.local.command;

import io.vectorstream.reports.CiFiles;
import io.vectorstream.reports.page.HtmlPage;
import io.vectorstream.reports.page.Report;
import io.vectorstream.reports.page.TextSummary;
import io.vectorstream.reports.result.Result;
import io.vectorstream.reports.result.ResultFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The report of one result, on the terminal and as a page. */
final class ReportFile {
  private ReportFile() {}

  /**
   * Prints and writes the result, and draws its page.
   *
   * @param name of the result's file within the page
   * @param words that name the result at the beginning of a sentence
   */
  static void write(
      Path report,
      String name,
      Result result,
      String words,
      ResultOptions results,
      CiFiles ciFiles) {
    Report page = Report.of(ResultFile.of(name, result));
    results.out().println();
    results.out().print(TextSummary.of(page));
    results.write(result, words);
    try {
      Files.writeString(report, HtmlPage.of(page));
    } catch (IOException e) {
      throw new UncheckedIOException("the report cannot be written to " + report, e);
    }
    results.out().println("The report is " + report);
    ciFiles.write(page);
  }
}
