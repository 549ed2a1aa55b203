package io.vectorstream.it.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vectorstream.config.Settings;
import io.vectorstream.generator.Catalog;
import io.vectorstream.http.ApiSources;
import io.vectorstream.http.HttpServer;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.it.Shop;
import io.vectorstream.it.StoreAssertions;
import io.vectorstream.monitoring.Meters;
import io.vectorstream.shop.Product;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The live page in a real browser, over a pipeline that runs. */
@ExtendWith(SharedServices.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LivePageIT {
  private static final int PHONE = 360;
  private static final String TOKEN = "let-me-in-once-more";

  /** The coloured pixels of a few dots: in its first minute a shop has one dot a line. */
  private static final long A_FEW_DOTS = 100;

  private static final String FIRST_EVENT = "#events-list li:first-child";

  private final Catalog catalog = Catalog.generate(80, 1);

  /** The resources to close, the last one first. */
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  private Deployment deployment;
  private LiveShop shop;
  private Browser browser;

  @BeforeAll
  void open_the_shop(Services services, @TempDir Path folder) {
    Optional<Browser.Programs> programs = Browser.Programs.find();
    assumeTrue(
        programs.isPresent(),
        "skipped: needs Chromium and ChromeDriver (Debian's chromium and chromium-driver)");
    deployment = new Deployment(services, folder, StoreAssertions.PAIRS);
    opened.push(deployment);
    shop = new LiveShop(deployment, catalog);
    opened.push(shop);
    browser = Browser.start(programs.get(), folder.resolve("profile"));
    opened.push(browser);
    browser.await(() -> shop.totals().stored() > 200 && shop.totals().deadLettered() > 0);
  }

  @AfterAll
  void close_the_shop() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  @AfterEach
  void nothing_was_blocked_and_nothing_failed() {
    assertThat(browser.complaints()).isEmpty();
  }

  private void openAndFill() {
    browser.open(shop.url());
    awaitFilled();
  }

  private void awaitFilled() {
    browser.awaitVisible("#tiles .tile");
    browser.awaitVisible("#latency-chart canvas");
    browser.awaitVisible("#minutes-chart canvas");
    browser.awaitVisible("#trending-products li");
    browser.awaitVisible(FIRST_EVENT);
    browser.awaitVisible("#parts li");
  }

  private String tile(String name) {
    return browser.texts("#tiles .tile").stream()
        .filter(tile -> tile.startsWith(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void it_fills() throws IOException {
    openAndFill();

    assertThat(browser.text("#state")).isEqualTo("Running");
    assertThat(browser.text("#pipeline-since")).contains("running since", "ago");
    assertThat(browser.texts("#parts li"))
        .anyMatch(part -> part.startsWith("Kafka up"))
        .anyMatch(part -> part.startsWith("Qdrant up"))
        .anyMatch(part -> part.startsWith("Embedding up"));
    assertThat(tile("Throughput")).containsPattern("[1-9][\\d.,]* events/s");
    assertThat(tile("Latency")).contains("p50", "p95", "p99");
    assertThat(tile("Stored")).containsPattern("\n[1-9][\\d,]*\n");
    assertThat(tile("Embedding")).contains("OnnxRuntime", "all-MiniLM-L6-v2");
    assertThat(browser.count("#trending-products li")).isEqualTo(10);
    assertThat(browser.texts("#trending-products .score")).noneMatch(String::isBlank);
    assertThat(browser.texts("#funnel-steps tr"))
        .hasSize(3)
        .allMatch(step -> step.matches("(Views|Carts|Purchases)\\s+\\d[\\d,]*\\s+(–|[\\d.]+%)"));
    assertThat(browser.count("#events-list li")).isEqualTo(20);
    assertThat(browser.attribute("#throughput-chart .canvas", "aria-label")).contains("latest:");
    for (String chart : List.of("throughput", "latency", "duration", "minutes")) {
      assertThat(paintedPixels(chart)).as(chart).isGreaterThan(A_FEW_DOTS);
    }
    browser.type("#search-text", "waterproof boots for hiking");
    browser.press(Keys.ENTER);
    browser.awaitVisible("#search-results li");
    browser.screenshotOfAll("light");
  }

  /** Counts pixels of the first two colours of charts, which axes and their texts do not have. */
  private long paintedPixels(String chart) {
    return (Long)
        browser.js(
            """
            const canvas = document.querySelector(`#${arguments[0]}-chart canvas`);
            const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
            let painted = 0;
            for (let i = 0; i < data.length; i += 4) {
              const [low, high] = [Math.min(...data.slice(i, i + 3)), Math.max(...data.slice(i, i + 3))];
              painted += data[i + 3] > 128 && high - low > 60 ? 1 : 0;
            }
            return painted;
            """,
            chart);
  }

  @Test
  void a_legend_has_the_values_under_the_pointer_or_else_the_latest() {
    openAndFill();
    assertThat(browser.text("#latency-chart .at")).isEmpty();
    assertThat(browser.texts("#latency-chart .legend b")).hasSize(3).noneMatch(String::isBlank);

    browser.pointAt("#latency-chart .canvas");
    browser.await(() -> browser.text("#latency-chart .at").matches("at \\d+:\\d+:\\d+\\s[AP]M"));
    assertThat(browser.texts("#latency-chart .legend b")).hasSize(3).noneMatch(String::isBlank);

    browser.pointAt("#pipeline-heading");
    browser.await(() -> browser.text("#latency-chart .at").isEmpty());
  }

  @Test
  void it_moves() {
    openAndFill();
    String stored = tile("Stored");
    String event = browser.attribute(FIRST_EVENT, "data-key");
    browser.click("#batches summary");
    browser.awaitVisible("#batches tbody tr");
    String batch = browser.text("#batches tbody th");

    browser.await(() -> !tile("Stored").equals(stored));
    browser.await(() -> !browser.attribute(FIRST_EVENT, "data-key").equals(event));
    browser.await(() -> !browser.text("#batches tbody th").equals(batch));
  }

  @Test
  void it_rests_while_it_is_paused_and_then_goes_on() {
    openAndFill();
    browser.click("#pause");
    assertThat(browser.attribute("#pause", "aria-pressed")).isEqualTo("true");
    // Earlier requests may still be answered.
    long before = shop.totals().stored();
    browser.await(() -> shop.totals().stored() > before + 80);
    String stored = tile("Stored");
    browser.await(() -> shop.totals().stored() > before + 240);
    assertThat(tile("Stored")).isEqualTo(stored);

    browser.click("#pause");
    browser.await(() -> !tile("Stored").equals(stored));
  }

  @Test
  void a_search_shows_results_and_filters_narrow_them() {
    openAndFill();
    Product wanted = catalog.products().get(3);
    browser.type("#search-text", wanted.name());
    browser.press(Keys.ENTER);
    browser.await(() -> browser.texts("#search-results .name").contains(wanted.name()));
    assertThat(browser.text("#search-note"))
        .matches("10 products in [\\d.]+ m?s\\. The model all-MiniLM-L6-v2 knows English only\\.");

    browser.type("#search-category", wanted.category());
    browser.press(Keys.ENTER);
    browser.await(
        () ->
            browser.count("#search-results li") > 0
                && browser.texts("#search-results .category").stream()
                    .allMatch(wanted.category()::equals));

    browser.type("[name=max_price]", "0.01");
    browser.press(Keys.ENTER);
    browser.await(() -> browser.text("#search-note").startsWith("Nothing found"));
    assertThat(browser.count("#search-results li")).isZero();
  }

  @Test
  void prices_the_wrong_way_round_are_explained() {
    openAndFill();
    browser.type("#search-text", "boots");
    browser.type("[name=min_price]", "20");
    browser.type("[name=max_price]", "10");
    browser.press(Keys.ENTER);

    browser.await(() -> browser.text("#search-note").contains("price"));
    assertThat(browser.complaints()).singleElement().asString().contains("/search", "400");
  }

  @Test
  void a_click_on_a_product_shows_it_with_recommendations_and_back_closes_it() throws IOException {
    openAndFill();
    String name = browser.text("#trending-products li .name");
    browser.click("#trending-products li .name");
    browser.awaitVisible("#recommended li");

    assertThat(browser.text("#panel-heading")).isEqualTo(name);
    assertThat(browser.hash()).startsWith("#/products/");
    assertThat(browser.texts("#panel-body h3"))
        .containsExactly("Products like this one", "Bought together with it");
    assertThat(browser.texts("#recommended .name")).hasSize(8).doesNotContain(name);
    browser.screenshot("product");

    String next = browser.text("#recommended .name");
    browser.click("#recommended .name");
    browser.await(() -> browser.text("#panel-heading").equals(next));
    browser.back();
    browser.await(() -> browser.text("#panel-heading").equals(name));
    browser.back();
    browser.await(() -> !browser.isVisible("#panel"));
  }

  @Test
  void a_click_on_a_user_shows_what_is_recommended_to_them_and_the_link_can_be_shared() {
    openAndFill();
    // The list moves; a user who has left it cannot be clicked.
    browser.click("#pause");
    String user = browser.text(FIRST_EVENT + " .user");
    browser.click(FIRST_EVENT + " .user");
    browser.awaitVisible("#recommended li");
    assertThat(browser.text("#panel-heading")).isEqualTo(user);
    String link = (String) browser.js("return location.href");

    browser.open(link);
    browser.awaitVisible("#recommended li");
    assertThat(browser.text("#panel-heading")).isEqualTo(user);
    browser.click("#panel-close");
    browser.await(() -> !browser.isVisible("#panel"));
    assertThat(browser.hash()).isEmpty();
  }

  @Test
  void somebody_unknown_is_shown_what_is_in_demand() {
    browser.open(shop.url() + "#/users/nobody%20at%20all");
    browser.awaitVisible("#recommended li");

    assertThat(browser.text("#panel-heading")).isEqualTo("nobody at all");
    assertThat(browser.text("#panel-body")).contains("In demand now", "not been seen");
    assertThat(browser.complaints()).singleElement().asString().contains("/users/", "404");
  }

  @Test
  void all_of_a_search_can_be_done_with_the_keyboard() {
    openAndFill();
    browser.press(Keys.TAB);
    assertThat(browser.hasFocus(".skip")).isTrue();
    browser.press(Keys.ENTER);
    browser.tabTo("#search-text", 2);
    browser.press("warm winter jacket", Keys.ENTER);
    browser.awaitVisible("#search-results li");
    browser.tabTo("#search-results li:first-child a", 6);
    assertThat(browser.js("return getComputedStyle(document.activeElement).outlineStyle"))
        .isEqualTo("solid");
    browser.press(Keys.ENTER);
    browser.awaitVisible("#recommended li");
    assertThat(browser.hasFocus("#panel *")).isTrue();

    browser.press(Keys.ESCAPE);
    browser.await(() -> !browser.isVisible("#panel"));
    assertThat(browser.hasFocus("#search-results li:first-child a")).isTrue();
    assertThat(browser.hash()).isEmpty();
  }

  @Test
  void dead_letters_are_counted_by_reason_and_a_click_shows_them() {
    openAndFill();
    browser.awaitVisible("#dead-letters-reasons li");
    long shown =
        browser.texts("#dead-letters-reasons b").stream()
            .mapToLong(number -> Long.parseLong(number.replace(",", "")))
            .sum();
    assertThat(shown).isBetween(1L, shop.totals().deadLettered());

    String reason = browser.text("#dead-letters-reasons a");
    browser.click("#dead-letters-reasons a");
    browser.awaitVisible(".letters li pre");
    assertThat(browser.text("#panel-heading")).isEqualTo(reason);
    assertThat(browser.texts(".letters li b")).isNotEmpty().noneMatch(String::isBlank);
  }

  @Test
  void what_an_event_says_is_text_and_never_markup() {
    String name = "<img src=x onerror=\"document.title='broken'\"> & co";
    deployment.send(
        Shop.event("view", "<b>eve</b>", Shop.product("a/b <i>", name, name, "</li>", 1)));
    // A batch changes its users after its products.
    browser.await(() -> deployment.stored().users().containsKey("<b>eve</b>"));

    browser.open(shop.url() + "#/products/a%2Fb%20%3Ci%3E");
    browser.await(() -> browser.text("#panel-heading").equals(name));
    assertThat(browser.text("#panel-body .description")).isEqualTo(name);
    assertThat(browser.text("#panel-body .category")).isEqualTo("</li>");
    assertThat(browser.count("#panel img, #panel i, #panel b b")).isZero();
    browser.open(shop.url() + "#/users/%3Cb%3Eeve%3C%2Fb%3E");
    browser.await(() -> browser.texts(".last a").contains(name));
    assertThat(browser.text("#panel-heading")).isEqualTo("<b>eve</b>");
  }

  @Test
  void on_a_phone_it_is_one_column_and_never_wider_than_the_screen() throws IOException {
    browser.openOnPhone(shop.url(), PHONE, 740);
    awaitFilled();
    browser.click("#batches summary");
    browser.awaitVisible("#batches tbody tr");
    browser.click("#minutes summary");
    browser.type("#search-text", "boots");
    browser.press(Keys.ENTER);
    browser.awaitVisible("#search-results li");
    assertNothingIsCutOff();
    assertThat(
            browser.js(
                "return new Set([...document.querySelectorAll('.card')].map((card) =>"
                    + " card.offsetLeft)).size"))
        .isEqualTo(1L);
    browser.click("#batches summary");
    browser.js("scrollTo(0, 0)");
    browser.screenshot("phone");

    browser.js("document.querySelector('#search-results a').click()");
    browser.awaitVisible("#recommended li");
    // It slides in from beyond the edge.
    browser.await(
        () ->
            browser
                .js("return document.getElementById('panel').getAnimations().length")
                .equals(0L));
    assertNothingIsCutOff();
    assertThat(
            browser.js(
                "const box = document.querySelector('#panel').getBoundingClientRect();"
                    + "return box.left >= 0 && box.right <= innerWidth && innerWidth === "
                    + PHONE))
        .isEqualTo(true);
    browser.screenshot("phone-product");
  }

  private void assertNothingIsCutOff() {
    assertThat(browser.js("return document.documentElement.scrollWidth")).isEqualTo((long) PHONE);
    assertThat(
            browser.js(
                """
                return [...document.querySelectorAll("body *")]
                  .filter((e) => e.checkVisibility() && !e.closest(".scroll, .unseen, .skip"))
                  .filter((e) => e.getBoundingClientRect().right > innerWidth + 0.5)
                  .map((e) => e.outerHTML.slice(0, 120))
                """))
        .isEqualTo(List.of());
  }

  @Test
  void in_the_dark_it_is_dark_and_in_both_every_text_has_enough_contrast() throws IOException {
    openAndFill();
    browser.awaitVisible("#dead-letters-reasons li");
    assertThat(tooFaint()).isEmpty();

    browser.prefer(Map.of("prefers-color-scheme", "dark"));
    assertThat(browser.js("return getComputedStyle(document.body).backgroundColor"))
        .isEqualTo("rgb(16, 21, 26)");
    assertThat(tooFaint()).isEmpty();
    for (String chart : List.of("throughput", "latency", "duration", "minutes")) {
      assertThat(paintedPixels(chart)).as(chart).isGreaterThan(A_FEW_DOTS);
    }
    browser.screenshotOfAll("dark");
    browser.click("#trending-products li .name");
    browser.awaitVisible("#recommended li");
    assertThat(tooFaint()).isEmpty();
  }

  private List<?> tooFaint() throws IOException {
    try (InputStream script = LivePageIT.class.getResourceAsStream("/page/contrast.js")) {
      return (List<?>) browser.js(new String(script.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void who_wants_less_motion_gets_less() {
    openAndFill();
    browser.awaitVisible("#events-list .new");
    String animation =
        "return getComputedStyle(document.querySelector('#events-list .new')).animationName";
    assertThat(browser.js(animation)).isEqualTo("arrive");

    browser.prefer(Map.of("prefers-reduced-motion", "reduce"));
    assertThat(browser.js(animation)).isEqualTo("none");
  }

  @Test
  void nothing_is_asked_of_any_other_host() {
    openAndFill();
    browser.type("#search-text", "boots");
    browser.press(Keys.ENTER);
    browser.awaitVisible("#search-results li");

    List<String> requests = browser.requests();
    assertThat(requests).anyMatch(url -> url.endsWith("/echarts/echarts.common.min.js"));
    assertThat(requests).anyMatch(url -> url.contains("/search?q=boots"));
    assertThat(requests).allMatch(url -> url.startsWith(shop.url()) || url.startsWith("data:"));
  }

  @Test
  void a_server_that_is_open_to_others_shows_its_figures_to_who_has_the_token() {
    try (Alone alone = new Alone("http.host=0.0.0.0", "http.token=" + TOKEN)) {
      browser.open(alone.url());
      browser.awaitVisible("#token[open]");
      assertThat(browser.count("#trending-products li")).isZero();

      browser.type("#token-text", "guessed");
      browser.press(Keys.ENTER);
      browser.await(() -> browser.text("#token-why").contains("refused"));
      browser.click("#token-cancel");
      browser.awaitVisible("#token-later");
      browser.click("#token-again");
      browser.type("#token-text", TOKEN);
      browser.press(Keys.ENTER);
      browser.awaitVisible("#trending-products li");
      assertThat(browser.isVisible("#token")).isFalse();
      assertThat(browser.isVisible("#token-later")).isFalse();

      browser.reload();
      browser.awaitVisible("#trending-products li");
      assertThat(browser.isVisible("#token")).isFalse();
      assertThat(onlyRefusals("401", "404")).isTrue();
    }
  }

  /** Returns whether the log has only the browser's notes of these refusals by the server. */
  private boolean onlyRefusals(String... statuses) {
    List<String> rest = new ArrayList<>(browser.complaints());
    for (String status : statuses) {
      rest.removeIf(complaint -> complaint.contains("status of " + status));
    }
    assertThat(rest).isEmpty();
    return true;
  }

  @Test
  void without_a_pipeline_the_page_says_so_and_shows_the_rest() {
    try (Alone alone = new Alone()) {
      browser.open(alone.url());
      browser.await(() -> browser.text("#state").equals("Serving"));
      browser.awaitVisible("#trending-products li");
      browser.awaitVisible("#dead-letters-reasons li");

      assertThat(browser.text("#pipeline-note")).contains("no pipeline runs in it");
      assertThat(browser.isVisible("#pipeline-body")).isFalse();
      assertThat(browser.text("#dead-letters-aside")).endsWith("in the topic");
      assertThat(onlyRefusals("404")).isTrue();
    }
  }

  @Test
  void a_lost_connection_is_told_and_the_page_goes_on_when_it_is_back() {
    int port;
    try (Alone alone = new Alone()) {
      port = alone.port();
      browser.open(alone.url());
      browser.awaitVisible("#trending-products li");
    }
    browser.awaitVisible("#connection");
    assertThat(browser.text("#connection")).contains("No connection", "goes on by itself");
    assertThat(browser.count("#trending-products li")).isPositive();
    browser.await(() -> browser.text("#trending-note").contains("cannot be reached"));

    Alone again = new Alone("http.port=" + port);
    try {
      browser.await(() -> !browser.isVisible("#connection"));
      browser.await(() -> !browser.isVisible("#trending-note"));
      browser.open("about:blank");
    } finally {
      again.close();
    }
  }

  @Test
  void a_store_that_does_not_answer_is_told_where_its_figures_would_be() {
    try (Alone nothing = new Alone("qdrant.port=1", "http.timeout=1s")) {
      browser.open(nothing.url());
      browser.await(() -> browser.text("#trending-note").contains("Qdrant"));
      browser.await(
          () -> browser.texts("#parts li").stream().anyMatch(p -> p.startsWith("Qdrant down")));
      assertThat(onlyRefusals("404", "503")).isTrue();
      browser.open("about:blank");
    }
  }

  /** A server without a pipeline, over the same store. */
  private final class Alone implements AutoCloseable {
    private final Meters meters = new Meters();
    private final HttpServer server;

    Alone(String... overrides) {
      Settings settings = deployment.settings(overrides);
      server =
          HttpServer.start(
              settings,
              new ApiSources(settings, Optional.empty(), meters::text),
              meters.registry());
    }

    String url() {
      return server.url() + "/";
    }

    int port() {
      return server.port();
    }

    @Override
    public void close() {
      server.close();
      meters.close();
    }
  }
}
