package io.vectorstream.generator;

import io.vectorstream.generator.Vocabulary.Department;
import io.vectorstream.generator.Vocabulary.Phrases;
import io.vectorstream.generator.Vocabulary.ProductType;
import io.vectorstream.shop.Product;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A composer of made-up products from the vocabulary. The n-th product depends only on the seed and
 * the products before it, so a smaller catalogue is the beginning of a larger one.
 */
final class CatalogComposer {

  private static final int TRIES_FOR_A_NEW_NAME = 20;

  /** The part of a price, between the type's cheapest and dearest, that the brand decides. */
  private static final double BRAND_DECIDES = 0.5;

  private static final int DETAILS = 2;

  private static final long IDS_MOST = 1;
  private static final long IDS_LEAST = 2;
  private static final long TEXTS = 3;

  private static final Pattern ABBREVIATION = Pattern.compile("[A-Z0-9]{2,4}");

  private final Vocabulary vocabulary = Vocabulary.load();
  private final long seed;
  private final Set<String> names = new HashSet<>();

  CatalogComposer(long seed) {
    this.seed = seed;
  }

  Catalog compose(int size) {
    List<Product> products = new ArrayList<>(size);
    List<Department> departments = vocabulary.departments();
    List<List<List<Integer>>> members =
        departments.stream()
            .map(
                d ->
                    Stream.generate(() -> (List<Integer>) new ArrayList<Integer>())
                        .limit(d.types().size())
                        .toList())
            .toList();
    for (int i = 0; i < size; i++) {
      SplittableRandom random = Seeds.random(Seeds.derive(seed, TEXTS), i);
      // In turn, so that even a small catalogue has all the categories.
      int d = i % departments.size();
      Department department = departments.get(d);
      int t = random.nextInt(department.types().size());
      products.add(compose(i, department, department.types().get(t), random));
      members.get(d).get(t).add(i);
    }
    return new Catalog(products, shelves(members));
  }

  private Product compose(
      int number, Department department, ProductType type, SplittableRandom random) {
    ProductWords words = draw(department, type, random);
    String name = fill(oneOf(vocabulary.phrases().names(), random), words, false);
    for (int tries = 0; !names.add(name); tries++) {
      words = draw(department, type, random);
      name = fill(oneOf(vocabulary.phrases().names(), random), words, false);
      if (tries >= TRIES_FOR_A_NEW_NAME) {
        name += " No. " + number;
      }
    }
    return new Product(
        id(number),
        name,
        description(words, department, type, random),
        department.category(),
        price(department.brands().indexOf(words.brand()), department, type, random));
  }

  private String id(int number) {
    long most = Seeds.derive(Seeds.derive(seed, IDS_MOST), number);
    long least = Seeds.derive(Seeds.derive(seed, IDS_LEAST), number);
    // The layout of a random UUID, version 4.
    return new UUID(
            most & 0xffff_ffff_ffff_0fffL | 0x4000, least & 0x3fff_ffff_ffff_ffffL | 1L << 63)
        .toString();
  }

  /** The words of one product. */
  private record ProductWords(
      String brand,
      String line,
      String feature,
      String qualifier,
      String type,
      String audience,
      String look,
      String use,
      String otherUse) {}

  private ProductWords draw(Department department, ProductType type, SplittableRandom random) {
    List<String> uses = shuffled(type.uses(), random);
    return new ProductWords(
        oneOf(department.brands(), random),
        oneOf(vocabulary.phrases().lines(), random),
        oneOf(new ArrayList<>(type.features().keySet()), random),
        oneOf(type.qualifiers() == null ? department.qualifiers() : type.qualifiers(), random),
        type.name(),
        oneOf(department.audiences(), random),
        oneOf(department.looks(), random),
        uses.get(0),
        uses.get(1));
  }

  /**
   * Returns an opening, an explanation of the feature, a use, and two details. Other features of
   * the type are left out: a pop-up tent is not a four-season tent.
   */
  private String description(
      ProductWords words, Department department, ProductType type, SplittableRandom random) {
    Phrases phrases = vocabulary.phrases();
    List<String> sentences = new ArrayList<>();
    sentences.add(capitalised(fill(oneOf(phrases.openings(), random), words, true)));
    sentences.add(type.features().get(words.feature()));
    sentences.add(fill(oneOf(phrases.usages(), random), words, true));
    shuffled(department.details(), random).stream().limit(DETAILS).forEach(sentences::add);
    return String.join(" ", sentences);
  }

  private static double price(
      int brand, Department department, ProductType type, SplittableRandom random) {
    double tier = (double) brand / (department.brands().size() - 1);
    double level = BRAND_DECIDES * tier + (1 - BRAND_DECIDES) * random.nextDouble();
    double price = type.cheapest() * Math.pow(type.dearest() / type.cheapest(), level);
    double ending = random.nextInt(3) == 0 ? 0.51 : 0.01;
    return Math.round((Math.ceil(price) - ending) * 100) / 100.0;
  }

  private List<Shelf> shelves(List<List<List<Integer>>> members) {
    List<Shelf> shelves = new ArrayList<>();
    for (int d = 0; d < members.size(); d++) {
      Department department = vocabulary.departments().get(d);
      for (int t = 0; t < members.get(d).size(); t++) {
        int[] products = members.get(d).get(t).stream().mapToInt(Integer::intValue).toArray();
        if (products.length > 0) {
          shelves.add(
              new Shelf(department.category(), products, queries(department.types().get(t))));
        }
      }
    }
    return shelves;
  }

  /** Returns eight queries a product type, so about a thousand in all. */
  private static List<String> queries(ProductType type) {
    String name = inSentence(type.name());
    return Stream.of(
            Stream.of(name),
            type.features().keySet().stream().map(feature -> inSentence(feature) + " " + name),
            type.uses().stream().map(use -> name + " for " + use))
        .flatMap(queries -> queries)
        .toList();
  }

  private static String fill(String pattern, ProductWords words, boolean inSentence) {
    return pattern
        .replace("{brand}", words.brand())
        .replace("{line}", words.line())
        .replace("{feature}", inSentence ? inSentence(words.feature()) : words.feature())
        .replace("{qualifier}", inSentence ? inSentence(words.qualifier()) : words.qualifier())
        .replace("{type}", inSentence ? inSentence(words.type()) : words.type())
        .replace("{audience}", words.audience())
        .replace("{look}", words.look())
        .replace("{use}", words.use())
        .replace("{otherUse}", words.otherUse());
  }

  /** Returns the title in lower case, except for abbreviations such as GPS and 4K. */
  private static String inSentence(String title) {
    return Stream.of(title.split(" "))
        .map(word -> ABBREVIATION.matcher(word).matches() ? word : word.toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(" "));
  }

  private static String capitalised(String sentence) {
    return sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
  }

  private static String oneOf(List<String> values, SplittableRandom random) {
    return values.get(random.nextInt(values.size()));
  }

  private static List<String> shuffled(List<String> values, SplittableRandom random) {
    List<String> copy = new ArrayList<>(values);
    for (int i = copy.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      copy.set(j, copy.set(i, copy.get(j)));
    }
    return copy;
  }
}
