package io.vectorstream.it;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The dependencies between packages that are forbidden. */
class ArchitectureTest {
  /** The packages of the pipeline. Each may use those before it, and none after it. */
  private static final List<String> ORDER =
      List.of(
          "shop",
          "process",
          "config",
          "trace",
          "event",
          "format",
          "mapping",
          "embedding",
          "merge",
          "words",
          "store",
          "migration",
          "monitoring",
          "fresh",
          "search",
          "catalog",
          "feed",
          "http",
          "stream",
          "command");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(ArchitectureTest::isMain)
          .importPackages("io.vectorstream");

  private static boolean isMain(Location location) {
    return !location.contains("/it-tests/") && !location.contains("/cluster/");
  }

  private static String packageOf(String name) {
    return "io.vectorstream." + name + "..";
  }

  static List<String> order() {
    return ORDER;
  }

  @Test
  void every_package_of_the_pipeline_has_its_place_in_the_order() {
    assertThat(
            CLASSES.stream()
                .filter(type -> isOfPipeline(type))
                .map(type -> type.getPackageName().split("\\.")[2])
                .collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(ORDER);
  }

  private static boolean isOfPipeline(JavaClass type) {
    return List.of("local", "generator", "reports").stream()
        .noneMatch(other -> resideInAPackage(packageOf(other)).test(type));
  }

  @ParameterizedTest
  @MethodSource("order")
  void a_package_knows_none_that_is_behind_it(String name) {
    List<String> behind = ORDER.subList(ORDER.indexOf(name) + 1, ORDER.size());
    for (String other : behind) {
      noClasses()
          .that()
          .resideInAPackage(packageOf(name))
          .should()
          .dependOnClassesThat()
          .resideInAPackage(packageOf(other))
          .check(CLASSES);
    }
  }

  @ParameterizedTest
  @MethodSource("order")
  void what_runs_in_production_knows_neither_the_embedded_services_nor_the_harness(String name) {
    noClasses()
        .that()
        .resideInAPackage(packageOf(name))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packageOf("local"), packageOf("generator"), packageOf("reports"))
        .check(CLASSES);
  }

  @Test
  void only_the_store_knows_the_client_of_qdrant() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            packageOf("store"), packageOf("local.store"), packageOf("local.points"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.qdrant..", "io.grpc..")
        .check(CLASSES);
  }

  @Test
  void only_traces_know_opentelemetry() {
    noClasses()
        .that()
        .resideOutsideOfPackage(packageOf("trace"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.opentelemetry..")
        .check(CLASSES);
  }

  @Test
  void what_is_merged_is_computed_and_neither_read_nor_written() {
    classes()
        .that()
        .resideInAPackage(packageOf("merge"))
        .should()
        .onlyDependOnClassesThat(
            resideInAPackage("java.lang..")
                .or(resideInAPackage("java.util.."))
                .or(resideInAPackage("java.math.."))
                .or(resideInAPackage("java.time.."))
                .or(resideInAPackage("io.vectorstream.."))
                .or(JavaClass.Predicates.equivalentTo(Serializable.class)))
        .check(CLASSES);
  }

  @Test
  void there_is_no_circle_of_packages() {
    slices().matching("io.vectorstream.(*)..").should().beFreeOfCycles().check(CLASSES);
    slices().matching("io.vectorstream.local.(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}
