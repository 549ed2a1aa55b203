package io.vectorstream.it.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vectorstream.it.ModuleFolder;
import io.vectorstream.local.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A report of every kind of result, opened from disk in a real browser. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReportPageIT {
  private static final int PHONE = 360;
  private static final Path RESULTS =
      ModuleFolder.path().resolveSibling("reports/src/test/resources/results");

  private Browser browser;
  private String url;

  @BeforeAll
  void make_the_report(@TempDir Path folder) {
    Optional<Browser.Programs> programs = Browser.Programs.find();
    assumeTrue(
        programs.isPresent(),
        "skipped: needs Chromium and ChromeDriver (Debian's chromium and chromium-driver)");
    Path html = folder.resolve("report.html");
    int status =
        Main.commandLine()
            .setOut(new PrintWriter(Writer.nullWriter()))
            .execute(
                "report",
                RESULTS.toString(),
                "--out",
                html.toString(),
                "--compare-to",
                RESULTS.resolve("demo-again.json").toString());
    assertThat(status).isZero();
    url = html.toUri().toString();
    browser = Browser.start(programs.get(), folder.resolve("profile"));
  }

  @AfterAll
  void close_the_browser() {
    if (browser != null) {
      browser.close();
    }
  }

  @AfterEach
  void nothing_was_blocked_and_nothing_failed() {
    assertThat(browser.complaints()).isEmpty();
  }

  private void assertDrawn() {
    assertThat(
            browser.js(
                "return [...document.querySelectorAll('.chart')].filter("
                    + "(c) => c.querySelectorAll('svg path').length < 5).map((c) => c.id)"))
        .as("charts without marks")
        .isEqualTo(List.of());
    assertThat(browser.count(".chart")).isGreaterThan(10);
  }

  @Test
  void it_opens_from_disk_and_asks_for_nothing_else() throws IOException {
    browser.open(url);

    assertThat(browser.text("#verdict")).isEqualTo("All 14 targets met");
    assertThat(browser.text("#highest")).contains("1,000 events/s");
    assertDrawn();
    assertThat(browser.requests())
        .filteredOn(each -> !each.startsWith("data:"))
        .containsExactly(url);
    browser.screenshotOfAll("report");
  }

  @Test
  void every_chart_has_its_numbers_in_a_table_that_opens_with_a_key() {
    browser.open(url);

    assertThat(
            browser.js(
                "return [...document.querySelectorAll('.block:has(.chart)')].filter("
                    + "(b) => b.querySelectorAll('tbody tr').length == 0).length"))
        .isEqualTo(0L);
    assertThat(browser.isVisible("#ladder tbody")).isFalse();
    browser.js("document.querySelector('#ladder summary').focus()");
    browser.press(" ");
    browser.awaitVisible("#ladder tbody");
    assertThat(browser.texts("#ladder tbody tr:last-child td")).last().isEqualTo("× 12.9");
  }

  @Test
  void on_a_phone_nothing_is_wider_than_the_screen() throws IOException {
    browser.openOnPhone(url, PHONE, 740);

    assertDrawn();
    assertThat(browser.js("return document.documentElement.scrollWidth")).isEqualTo((long) PHONE);
    browser.screenshotOfAll("report-phone");
  }

  @Test
  void in_the_dark_it_is_dark_and_on_paper_every_short_table_is_open() throws IOException {
    browser.open(url);
    browser.prefer(Map.of("prefers-color-scheme", "dark"));
    assertThat(background()).isEqualTo("rgb(16, 21, 26)");
    browser.screenshotOfAll("report-dark");

    browser.js("window.dispatchEvent(new Event('beforeprint'))");
    assertThat(browser.count("details:not([open]):not(:has([data-rows]))")).isZero();
    assertThat(browser.count("details[open]")).isGreaterThan(10);
    browser.js("window.dispatchEvent(new Event('afterprint'))");
    assertThat(browser.count("details[open]")).isZero();
  }

  private Object background() {
    return browser.js("return getComputedStyle(document.body).backgroundColor");
  }
}
