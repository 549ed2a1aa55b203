package io.vectorstream.it.page;

import io.vectorstream.it.ModuleFolder;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium, from Debian's packages chromium and chromium-driver. */
final class Browser implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String REQUEST = "\"method\":\"Network.requestWillBeSent\"";

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** The paths of Chromium and its driver, if both exist. */
  record Programs(File chromium, File driver) {

    static Optional<Programs> find() {
      Optional<File> chromium = onPath("chromium", "chromium-browser", "google-chrome");
      Optional<File> driver = onPath("chromedriver");
      return chromium.flatMap(browser -> driver.map(its -> new Programs(browser, its)));
    }

    private static Optional<File> onPath(String... names) {
      String[] folders = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator);
      return Arrays.stream(names)
          .flatMap(name -> Arrays.stream(folders).map(folder -> new File(folder, name)))
          .filter(File::canExecute)
          .findFirst();
    }
  }

  /**
   * Starts one with an empty profile.
   *
   * @param profile an empty folder
   */
  static Browser start(Programs programs, Path profile) {
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(programs.chromium());
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--lang=en-US",
        "--window-size=1440,1100",
        "--user-data-dir=" + profile);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(programs.driver())
            .usingAnyFreePort()
            .withLogOutput(OutputStream.nullOutputStream())
            .build();
    return new Browser(new ChromeDriver(service, options));
  }

  /** Loads the page again, with the width of a desktop and the light scheme, and an empty log. */
  void open(String url) {
    driver.get("about:blank");
    driver.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    prefer(Map.of());
    driver.manage().logs().get(LogType.BROWSER);
    driver.manage().logs().get(LogType.PERFORMANCE);
    driver.get(url);
  }

  /** Like {@link #open}, as on a phone. */
  void openOnPhone(String url, int width, int height) {
    open("about:blank");
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 2, "mobile", true));
    driver.get(url);
  }

  /** Sets the user's preferences, such as {@code prefers-color-scheme: dark}. */
  void prefer(Map<String, String> features) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            features.entrySet().stream()
                .map(feature -> Map.of("name", feature.getKey(), "value", feature.getValue()))
                .toList()));
  }

  void back() {
    driver.navigate().back();
  }

  void reload() {
    driver.navigate().refresh();
  }

  /** The part of the address behind the hash sign. */
  String hash() {
    return (String) js("return location.hash");
  }

  Object js(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  void await(Callable<Boolean> condition) {
    Awaitility.await().atMost(PATIENCE).until(condition);
  }

  /** Waits until there is such an element, and it can be seen. */
  void awaitVisible(String css) {
    await(() -> isVisible(css));
  }

  /** Returns the visible text of the first such element; empty if there is none. */
  String text(String css) {
    return (String) js("return document.querySelector(arguments[0])?.innerText ?? ''", css);
  }

  /** Returns the visible texts of all such elements. */
  @SuppressWarnings("unchecked")
  List<String> texts(String css) {
    return (List<String>)
        js("return [...document.querySelectorAll(arguments[0])].map((e) => e.innerText)", css);
  }

  String attribute(String css, String name) {
    return (String)
        js("return document.querySelector(arguments[0])?.getAttribute(arguments[1])", css, name);
  }

  int count(String css) {
    return Math.toIntExact((Long) js("return document.querySelectorAll(arguments[0]).length", css));
  }

  boolean isVisible(String css) {
    return (Boolean) js("return !!document.querySelector(arguments[0])?.checkVisibility()", css);
  }

  /** Clicks as a user does: an element that is missing or covered cannot be clicked. */
  void click(String css) {
    find(css).click();
  }

  /** Moves the pointer to the middle of an element. */
  void pointAt(String css) {
    new Actions(driver).moveToElement(find(css)).perform();
  }

  void type(String css, String text) {
    WebElement field = find(css);
    field.clear();
    field.sendKeys(text);
  }

  private WebElement find(String css) {
    return driver.findElement(By.cssSelector(css));
  }

  /** Presses keys wherever the focus is. */
  void press(CharSequence... keys) {
    driver.switchTo().activeElement().sendKeys(keys);
  }

  /** Presses Tab until the focus is on such an element, which has to take that many at most. */
  void tabTo(String css, int most) {
    for (int i = 0; i < most; i++) {
      press(Keys.TAB);
      if (hasFocus(css)) {
        return;
      }
    }
    throw new AssertionError(
        "%d times Tab did not lead to %s, but to %s"
            .formatted(most, css, js("return document.activeElement.outerHTML")));
  }

  boolean hasFocus(String css) {
    return (Boolean) js("return document.activeElement.matches(arguments[0])", css);
  }

  /** Returns the browser's warnings and errors since {@link #open}. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  /** Every address that was asked for since {@link #open}. */
  List<String> requests() {
    return driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
        .map(LogEntry::getMessage)
        .filter(message -> message.contains(REQUEST))
        .map(
            message ->
                message.replaceFirst("(?s).*?\"request\":\\{.*?\"url\":\"([^\"]*)\".*", "$1"))
        .toList();
  }

  /** Saves the visible part in {@code target/screenshots}. */
  void screenshot(String name) throws IOException {
    Path folder = Files.createDirectories(ModuleFolder.path().resolve("target/screenshots"));
    Files.write(folder.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
  }

  /** Saves all of the page, beyond the window's end. */
  void screenshotOfAll(String name) throws IOException {
    Object height = js("return document.documentElement.scrollHeight");
    Object width = js("return document.documentElement.clientWidth");
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    await(() -> js("return innerHeight").equals(height));
    screenshot(name);
  }

  @Override
  public void close() {
    driver.quit();
  }
}
