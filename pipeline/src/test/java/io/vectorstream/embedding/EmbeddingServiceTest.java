package io.vectorstream.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.vectorstream.config.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cache, concurrency and failures, with the real tokenizer and a scripted model. */
@Timeout(60)
class EmbeddingServiceTest {
  private static final int CALLERS = 8;

  private ScriptedModel model;
  private final ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
  private TextTokenizer tokenizer;
  private EmbeddingService service;

  @BeforeEach
  void open() {
    service = open(10_000);
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    service.close();
  }

  private EmbeddingService open(int cacheEntries) {
    model = new ScriptedModel();
    tokenizer = newTokenizer();
    return new EmbeddingService(settings(cacheEntries), tokenizer, model);
  }

  private static TextTokenizer newTokenizer() {
    try {
      return TextTokenizer.fromResource("/all-minilm-l6-v2-tokenizer.json", 256);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Settings.Embedding settings(int cacheEntries) {
    return new Settings.Embedding(
        "bundled",
        "",
        Settings.Engine.AUTO,
        Settings.Device.AUTO,
        Settings.Precision.FP32,
        Settings.SearchPrecision.SAME,
        16,
        256,
        1,
        cacheEntries,
        Settings.Embedding.AUTO,
        Settings.Embedding.AUTO,
        Settings.Embedding.AUTO,
        0,
        EmbeddingTestParts.NO_SERVER);
  }

  @Test
  void vectors_come_in_the_order_of_their_texts() {
    List<String> texts = texts(500);

    assertThat(service.embed(texts)).containsExactlyElementsOf(expected(texts));
  }

  @Test
  void a_text_that_comes_twice_in_one_call_is_computed_once() {
    List<float[]> vectors = service.embed(List.of("red shoes", "blue hat", "red shoes"));

    assertThat(vectors.get(2)).isSameAs(vectors.get(0)).isNotSameAs(vectors.get(1));
    assertThat(service.stats().texts()).isEqualTo(2);
    assertThat(service.stats().requests()).isEqualTo(3);
    assertThat(service.stats().cacheHits()).isEqualTo(1);
  }

  @Test
  void a_text_known_from_an_earlier_call_is_not_computed_again() {
    float[] first = service.embed(List.of("red shoes")).get(0);
    float[] second = service.embed(List.of("red shoes")).get(0);

    assertThat(second).isSameAs(first);
    assertThat(service.cached("red shoes")).containsSame(first);
    assertThat(service.cached("blue hat")).isEmpty();
    assertThat(service.stats().texts()).isEqualTo(1);
    assertThat(service.stats().cacheHitRatio()).isEqualTo(0.5);
    assertThat(service.stats().computeNanos()).isPositive();
  }

  @Test
  void a_vector_that_was_kept_elsewhere_is_not_computed_again() {
    float[] kept = {0.6f, 0.8f};
    service.remember("red shoes", kept);

    assertThat(service.embed(List.of("red shoes")).get(0)).isSameAs(kept);
    assertThat(service.stats().texts()).isZero();
    assertThatThrownBy(() -> service.remember("blue hat", new float[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a vector of 3 floats, where the model's have 2");
  }

  @Test
  void what_is_searched_for_does_not_wait_for_a_batch() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    model.canEmbedBeside(true);
    model.before(
        tokens -> {
          asked.countDown();
          waitFor(goOn);
        });
    Future<List<float[]>> batch = threads.submit(() -> service.embed(texts(100)));
    waitFor(asked);

    float[] vector = service.embedQuery("red shoes");

    assertThat(batch.isDone()).isFalse();
    assertThat(vector).containsExactly(expected(List.of("red shoes")).get(0));
    assertThat(service.embedQuery("red shoes")).isSameAs(vector);
    goOn.countDown();
    assertThat(batch.get()).hasSize(100);
    assertThat(service.stats().requests()).isEqualTo(102);
    assertThat(service.stats().texts()).isEqualTo(101);
    assertThat(service.stats().cacheHits()).isEqualTo(1);
  }

  @Test
  void where_the_model_computes_one_batch_at_a_time_a_search_takes_its_turn() {
    assertThat(service.embedQuery("red shoes"))
        .isSameAs(service.embed(List.of("red shoes")).get(0))
        .containsExactly(expected(List.of("red shoes")).get(0));
  }

  @Test
  void a_search_that_the_model_fails_on_says_so_and_the_next_one_goes_on() {
    model.canEmbedBeside(true);
    model.beside(
        tokens -> {
          throw new IllegalStateException("out of luck");
        });

    assertThatThrownBy(() -> service.embedQuery("red shoes"))
        .isInstanceOf(EmbeddingException.class)
        .hasMessage("cannot embed a text of 9 characters: out of luck");

    model.beside(tokens -> {});
    assertThat(service.embedQuery("red shoes")).isNotNull();
    service.close();
    assertThatThrownBy(() -> service.embedQuery("blue hat"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the embedding service is closed");
  }

  @Test
  void concurrent_callers_share_one_computation() throws Exception {
    CountDownLatch allAsked = new CountDownLatch(1);
    model.before(tokens -> waitFor(allAsked));
    List<String> texts = texts(100);

    List<Future<List<float[]>>> calls = callTogether(() -> service.embed(texts));
    await().until(() -> service.stats().requests() == CALLERS * 100L);
    allAsked.countDown();

    for (Future<List<float[]>> call : calls) {
      assertThat(call.get()).containsExactlyElementsOf(expected(texts));
    }
    assertThat(service.stats().texts()).isEqualTo(100);
    assertThat(service.stats().cacheHits()).isEqualTo((CALLERS - 1) * 100L);
  }

  @Test
  void callers_that_want_each_others_texts_do_not_wait_in_a_circle() throws Exception {
    List<Callable<List<float[]>>> calls = new ArrayList<>();
    List<List<String>> wanted = new ArrayList<>();
    for (int caller = 0; caller < CALLERS; caller++) {
      List<String> texts = new ArrayList<>(texts(3000));
      Collections.rotate(texts, caller * 375);
      wanted.add(texts);
      calls.add(() -> service.embed(texts));
    }

    List<Future<List<float[]>>> results = threads.invokeAll(calls);

    for (int caller = 0; caller < CALLERS; caller++) {
      assertThat(results.get(caller).get()).containsExactlyElementsOf(expected(wanted.get(caller)));
    }
    assertThat(service.stats().texts()).isEqualTo(3000);
  }

  @Test
  void a_cache_smaller_than_the_request_still_gives_every_vector() {
    service.close();
    service = open(10);
    List<String> texts = texts(300);

    assertThat(service.embed(texts)).containsExactlyElementsOf(expected(texts));

    await()
        .until(() -> texts.stream().filter(text -> service.cached(text).isPresent()).count() <= 10);
    assertThat(service.embed(texts)).containsExactlyElementsOf(expected(texts));
  }

  @Test
  void no_batch_is_larger_than_the_setting() {
    service.embed(texts(200));

    assertThat(model.batchSizes).allMatch(size -> size <= 16).contains(16);
  }

  @Test
  void one_text_that_the_model_cannot_embed_does_not_take_others_with_it() {
    failOn("poison pill");
    // Of equal length, so that they share a batch.
    List<String> texts =
        List.of("red shoes", "poison pill", "blue hat", "poison pill", "warm socks");

    EmbeddingException failure =
        catchThrowableOfType(EmbeddingException.class, () -> service.embed(texts));

    assertThat(failure).hasMessageContaining("cannot do this");
    assertThat(failure.failures())
        .containsExactly(new EmbeddingException.FailedText("poison pill", "cannot do this"));
    assertThat(failure).hasCauseInstanceOf(IllegalArgumentException.class);
    for (String good : List.of("red shoes", "blue hat", "warm socks")) {
      assertThat(service.cached(good)).contains(expected(List.of(good)).get(0));
    }
    assertThat(service.cached("poison pill")).isEmpty();
  }

  @Test
  void what_can_be_embedded_is_given_beside_what_cannot() {
    failOn("poison pill");

    EmbeddingService.Embedded embedded =
        service.embedEach(List.of("red shoes", "poison pill", "blue hat"));

    assertThat(embedded.vectors().get(0)).isEqualTo(expected(List.of("red shoes")).get(0));
    assertThat(embedded.vectors().get(1)).isNull();
    assertThat(embedded.vectors().get(2)).isEqualTo(expected(List.of("blue hat")).get(0));
    assertThat(embedded.failures())
        .containsExactly(new EmbeddingException.FailedText("poison pill", "cannot do this"));
    assertThat(service.stats().failedTexts()).isEqualTo(1);
  }

  @Test
  void a_call_without_time_gives_what_is_in_the_cache() {
    service.embed(List.of("red shoes"));
    long computed = service.stats().texts();

    EmbeddingService.Embedded embedded =
        service.embedEach(List.of("red shoes", "blue hat", "blue hat"), Duration.ZERO);

    assertThat(embedded.vectors().get(0)).isEqualTo(expected(List.of("red shoes")).get(0));
    assertThat(embedded.vectors().subList(1, 3)).containsOnlyNulls();
    assertThat(embedded.left()).containsExactly("blue hat");
    assertThat(embedded.failures()).isEmpty();
    assertThat(service.stats().texts()).isEqualTo(computed);
  }

  @Test
  void a_call_whose_time_is_over_has_made_a_step_and_leaves_the_rest() {
    List<String> texts = texts(500);

    EmbeddingService.Embedded embedded = service.embedEach(texts, Duration.ofNanos(1));

    long done = embedded.vectors().stream().filter(Objects::nonNull).count();
    assertThat(done).isPositive().isLessThan(500);
    assertThat(embedded.left()).hasSize(Math.toIntExact(500 - done));
    assertThat(service.embed(texts)).containsExactlyElementsOf(expected(texts));
  }

  @Test
  void who_has_time_computes_what_another_has_claimed_and_left() throws Exception {
    CountDownLatch firstStep = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    model.before(
        tokens -> {
          firstStep.countDown();
          waitFor(goOn);
        });
    List<String> texts = texts(500);
    Future<EmbeddingService.Embedded> hasted =
        threads.submit(() -> service.embedEach(texts, Duration.ofNanos(1)));
    waitFor(firstStep);
    Future<List<float[]>> patient = threads.submit(() -> service.embed(texts));
    await().until(() -> service.stats().requests() == 2 * texts.size());
    goOn.countDown();

    assertThat(hasted.get().left()).isNotEmpty();
    assertThat(patient.get()).containsExactlyElementsOf(expected(texts));
  }

  @Test
  void a_model_that_fails_on_everything_is_not_blamed_on_the_texts() {
    model.before(
        tokens -> {
          throw new IllegalStateException("the device is gone");
        });

    assertThatThrownBy(() -> service.embedEach(List.of("red shoes", "blue hat")))
        .isInstanceOf(EmbeddingException.class)
        .hasMessage("the embedding model fails: the device is gone");
  }

  @Test
  void a_failure_is_not_remembered() {
    failOn("poison");
    assertThatThrownBy(() -> service.embed(List.of("poison")))
        .isInstanceOf(EmbeddingException.class);

    model.before(tokens -> {});

    assertThat(service.embed(List.of("poison")))
        .containsExactlyElementsOf(expected(List.of("poison")));
  }

  @Test
  void everybody_who_waits_for_a_text_learns_that_it_failed() throws Exception {
    CountDownLatch allAsked = new CountDownLatch(1);
    model.before(
        tokens -> {
          waitFor(allAsked);
          throw new IllegalArgumentException("cannot do this");
        });

    List<Future<List<float[]>>> calls = callTogether(() -> service.embed(List.of("poison")));
    await().until(() -> service.stats().requests() == CALLERS);
    allAsked.countDown();

    for (Future<List<float[]>> call : calls) {
      assertThatThrownBy(call::get)
          .cause()
          .isInstanceOf(EmbeddingException.class)
          .hasMessage("cannot embed a text of 6 characters: cannot do this");
    }
  }

  @Test
  void an_error_of_the_machine_leaves_nobody_waiting() {
    model.before(
        tokens -> {
          throw new OutOfMemoryError("no room");
        });
    assertThatThrownBy(() -> service.embed(List.of("red shoes", "blue hat")))
        .isInstanceOf(OutOfMemoryError.class);

    model.before(tokens -> {});

    assertThat(service.embed(List.of("red shoes"))).hasSize(1);
  }

  /** The text may be a user's search, and the message may end up in a log. */
  @Test
  void a_text_is_told_by_its_length() {
    failOn("poison");
    String text = "poison " + "word ".repeat(200);

    assertThatThrownBy(() -> service.embed(List.of(text)))
        .hasMessage("cannot embed a text of 1,007 characters: cannot do this");
  }

  @Test
  void a_missing_text_is_refused_before_anything_is_computed() {
    assertThatThrownBy(() -> service.embed(Arrays.asList("red shoes", null)))
        .isInstanceOf(NullPointerException.class);

    assertThat(service.embed(List.of("red shoes"))).hasSize(1);
  }

  @Test
  void a_closed_service_says_so() {
    service.close();

    assertThatThrownBy(() -> service.embed(List.of("red shoes")))
        .isInstanceOf(EmbeddingException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void a_gpu_that_computes_no_numbers_is_not_taken() {
    InferenceEngine broken =
        new InferenceEngine() {
          @Override
          public String name() {
            return "OnnxRuntime";
          }

          @Override
          public Optional<String> unfit(ModelSource source, ModelPlacement target) {
            return Optional.empty();
          }

          @Override
          public Optional<String> gpuMissing(ModelPlacement target) {
            return Optional.empty();
          }

          @Override
          public EmbeddingModel load(ModelSource source, ModelPlacement target) {
            ScriptedModel loaded = new ScriptedModel(target.info(name(), source.name()));
            loaded.scale(target.gpu() ? Float.NaN : 1);
            return loaded;
          }
        };

    try (EmbeddingService opened = EmbeddingService.open(settings(10), List.of(broken))) {
      assertThat(opened.engine().device()).isEqualTo("cpu");
      assertThat(opened.description())
          .isEqualTo(
              "embedding with OnnxRuntime on the cpu in fp32: OnnxRuntime: the embedding model"
                  + " computes NaN for the word \"product\" on the gpu");
    }
  }

  @Test
  void a_gpu_that_fails_in_the_middle_loses_no_text_and_is_counted() {
    ScriptedModel gpu = new ScriptedModel("gpu");
    service.close();
    service = openWithGpu(gpu);
    int[] batches = {0};
    gpu.before(
        tokens -> {
          if (++batches[0] > 5) {
            GpuFailures.broken();
          }
        });
    List<String> texts = texts(300);

    assertThat(service.embed(texts)).containsExactlyElementsOf(expected(texts));
    assertThat(service.stats().deviceFailures()).isEqualTo(1);
    assertThat(service.stats().failedTexts()).isZero();
    assertThat(service.engine().device()).isEqualTo("cpu");
  }

  @Test
  void a_gpu_without_memory_for_large_batches_embeds_everything_in_small_ones() {
    ScriptedModel gpu = new ScriptedModel("gpu");
    service.close();
    service = openWithGpu(gpu);
    gpu.before(tokens -> GpuFailures.outOfMemoryAbove(60, tokens));
    List<String> texts = texts(300);

    assertThat(service.embed(texts)).containsExactlyElementsOf(expected(texts));
    assertThat(service.stats().deviceFailures()).isZero();
    assertThat(service.engine().device()).isEqualTo("gpu");
    assertThat(model.batchSizes).isEmpty();
  }

  @Test
  void a_text_that_gpu_and_cpu_fail_on_takes_neither_others_nor_the_gpu_with_it() {
    ScriptedModel gpu = new ScriptedModel("gpu");
    service.close();
    service = openWithGpu(gpu);
    gpu.before(failOn("poison pill"));

    EmbeddingService.Embedded embedded =
        service.embedEach(List.of("red shoes", "poison pill", "blue hat"));

    assertThat(embedded.vectors().get(0)).isEqualTo(expected(List.of("red shoes")).get(0));
    assertThat(embedded.vectors().get(2)).isEqualTo(expected(List.of("blue hat")).get(0));
    assertThat(embedded.failures())
        .containsExactly(new EmbeddingException.FailedText("poison pill", "cannot do this"));
    assertThat(service.stats().deviceFailures()).isZero();
    assertThat(service.engine().device()).isEqualTo("gpu");
  }

  /** The GPU first, and the model of the other tests in place of the CPU. */
  private EmbeddingService openWithGpu(ScriptedModel gpu) {
    model = new ScriptedModel();
    tokenizer = newTokenizer();
    long[] knownWord = tokenizer.tokenize(List.of("product")).get(0);
    FallbackModel both =
        new FallbackModel(
            gpu,
            () -> gpu,
            () -> model,
            loaded -> loaded.embed(List.of(knownWord)),
            new SettableClock());
    return new EmbeddingService(settings(10_000), tokenizer, both);
  }

  private Consumer<List<long[]>> failOn(String text) {
    long word = tokenizer.tokenize(List.of(text)).get(0)[1];
    Consumer<List<long[]>> failing =
        batch -> {
          if (batch.stream().anyMatch(tokens -> tokens[1] == word)) {
            throw new IllegalArgumentException("cannot do this");
          }
        };
    model.before(failing);
    return failing;
  }

  private List<Future<List<float[]>>> callTogether(Callable<List<float[]>> call) {
    return IntStream.range(0, CALLERS).mapToObj(caller -> threads.submit(call)).toList();
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<float[]> expected(List<String> texts) {
    return tokenizer.tokenize(texts).stream().map(ScriptedModel::vector).toList();
  }

  private static List<String> texts(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "product " + i + " thing".repeat(i % 40))
        .toList();
  }
}
