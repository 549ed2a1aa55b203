package io.vectorstream.generator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.shop.Product;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A catalogue prepared for shopping: the popularity of products and queries, and their JSON.
 *
 * <p>Popularity follows Zipf's law over a random order of all products. A category is drawn by the
 * sum of its products' popularity, a product within it by its own. The same holds for queries.
 */
final class Assortment {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The share of comparisons that the product wins whose price suits the shopper better. */
  private static final double PRICE_MATTERS = 0.7;

  /** The products that go with each. */
  private static final int COMPANIONS = 3;

  /** A category with its products and queries, each with a table to draw one by popularity. */
  private record Aisle(
      String category, int[] products, AliasTable byProduct, int[] queries, AliasTable byQuery) {}

  /** A query with the products that answer it. */
  private record AnsweredQuery(byte[] json, int[] products, AliasTable byProduct) {}

  private final Aisle[] aisles;
  private final AliasTable byAisle;
  private final AnsweredQuery[] queries;
  private final byte[][] productJson;
  private final int[] descriptionEnd;
  private final double[] price;

  /** The price of each product within its category, from 0 (cheapest) to 1. */
  private final float[] priceLevel;

  /** The products that go with each, the nearest first; empty without companions. */
  private int[][] companions = {};

  Assortment(Catalog catalog, double zipfExponent, SplittableRandom random) {
    List<Product> products = catalog.products();
    int n = products.size();
    double[] popularity = shuffled(AliasTable.zipfWeights(n, zipfExponent), random);
    productJson = new byte[n][];
    descriptionEnd = new int[n];
    price = new double[n];
    priceLevel = new float[n];
    for (int i = 0; i < n; i++) {
      productJson[i] = productField(products.get(i));
      descriptionEnd[i] = descriptionEnd(products.get(i));
      price[i] = products.get(i).price();
    }

    Map<String, List<Shelf>> byCategory = new LinkedHashMap<>();
    for (Shelf shelf : catalog.shelves()) {
      byCategory.computeIfAbsent(shelf.category(), c -> new ArrayList<>()).add(shelf);
    }
    int queryCount = catalog.shelves().stream().mapToInt(s -> s.queries().size()).sum();
    double[] queryPopularity = shuffled(AliasTable.zipfWeights(queryCount, zipfExponent), random);
    List<AnsweredQuery> allQueries = new ArrayList<>();
    List<Aisle> allAisles = new ArrayList<>();
    double[] aislePopularity = new double[byCategory.size()];
    for (Map.Entry<String, List<Shelf>> entry : byCategory.entrySet()) {
      int firstQuery = allQueries.size();
      for (Shelf shelf : entry.getValue()) {
        String[] texts = searchableTexts(shelf.products(), products);
        for (String query : shelf.queries()) {
          int[] matches = matches(query, shelf.products(), texts);
          allQueries.add(
              new AnsweredQuery(bytes(query), matches, new AliasTable(pick(popularity, matches))));
        }
      }
      int[] members =
          entry.getValue().stream().flatMapToInt(s -> IntStream.of(s.products())).toArray();
      rankPrices(members);
      double[] weights = pick(popularity, members);
      aislePopularity[allAisles.size()] =
          IntStream.range(0, weights.length).mapToDouble(i -> weights[i]).sum();
      int[] itsQueries = IntStream.range(firstQuery, allQueries.size()).toArray();
      allAisles.add(
          new Aisle(
              entry.getKey(),
              members,
              new AliasTable(weights),
              itsQueries,
              itsQueries.length == 0 ? null : new AliasTable(pick(queryPopularity, itsQueries))));
    }
    aisles = allAisles.toArray(Aisle[]::new);
    byAisle = new AliasTable(aislePopularity);
    queries = allQueries.toArray(AnsweredQuery[]::new);
  }

  /** Chooses for each product those that go with it, from one other category where there is one. */
  void chooseCompanions(SplittableRandom random) {
    companions = new int[price.length][COMPANIONS];
    for (int aisle = 0; aisle < aisles.length; aisle++) {
      int other = (aisle + 1 + random.nextInt(Math.max(1, aisles.length - 1))) % aisles.length;
      for (int product : aisles[aisle].products()) {
        companions[product] =
            IntStream.range(0, COMPANIONS)
                .map(i -> drawProduct(other, priceLevel[product], random))
                .toArray();
      }
    }
  }

  /** Returns one of the products that go with this one, the first more often. */
  int drawCompanion(int product, SplittableRandom random) {
    return companions[product][Math.min(random.nextInt(COMPANIONS), random.nextInt(COMPANIONS))];
  }

  int aisles() {
    return aisles.length;
  }

  String category(int aisle) {
    return aisles[aisle].category();
  }

  boolean hasQueries(int aisle) {
    return aisles[aisle].byQuery() != null;
  }

  /** Returns the {@link #productField} of a product. */
  byte[] productJson(int product) {
    return productJson[product];
  }

  /** Returns where in {@link #productJson} the description ends, before its closing quote. */
  int descriptionEnd(int product) {
    return descriptionEnd[product];
  }

  double price(int product) {
    return price[product];
  }

  /** Returns the query as a JSON string with its quotes. */
  byte[] queryJson(int query) {
    return queries[query].json();
  }

  int drawAisle(SplittableRandom random) {
    return byAisle.sample(random);
  }

  int drawQuery(int aisle, SplittableRandom random) {
    return aisles[aisle].queries()[aisles[aisle].byQuery().sample(random)];
  }

  int drawProduct(int aisle, double wantedPriceLevel, SplittableRandom random) {
    Aisle a = aisles[aisle];
    return suiting(
        a.products()[a.byProduct().sample(random)],
        a.products()[a.byProduct().sample(random)],
        wantedPriceLevel,
        random);
  }

  /** Returns a product that answers the query. */
  int drawResult(int query, double wantedPriceLevel, SplittableRandom random) {
    AnsweredQuery q = queries[query];
    return suiting(
        q.products()[q.byProduct().sample(random)],
        q.products()[q.byProduct().sample(random)],
        wantedPriceLevel,
        random);
  }

  private int suiting(int one, int other, double wanted, SplittableRandom random) {
    boolean otherSuitsBetter =
        Math.abs(priceLevel[other] - wanted) < Math.abs(priceLevel[one] - wanted);
    return otherSuitsBetter && random.nextDouble() < PRICE_MATTERS ? other : one;
  }

  private void rankPrices(int[] members) {
    int[] sorted =
        IntStream.of(members)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> price[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int rank = 0; rank < sorted.length; rank++) {
      priceLevel[sorted[rank]] = (rank + 0.5f) / sorted.length;
    }
  }

  private static String[] searchableTexts(int[] shelf, List<Product> products) {
    return IntStream.of(shelf)
        .mapToObj(products::get)
        .map(p -> (p.name() + " " + p.description()).toLowerCase(Locale.ROOT))
        .toArray(String[]::new);
  }

  /** Returns the products with every word of the query in their text, or else the whole shelf. */
  private static int[] matches(String query, int[] shelf, String[] texts) {
    List<String> words = List.of(query.toLowerCase(Locale.ROOT).split(" "));
    int[] found =
        IntStream.range(0, shelf.length)
            .filter(i -> words.stream().allMatch(texts[i]::contains))
            .map(i -> shelf[i])
            .toArray();
    return found.length == 0 ? shelf : found;
  }

  private static double[] pick(double[] from, int[] positions) {
    return IntStream.of(positions).mapToDouble(i -> from[i]).toArray();
  }

  private static double[] shuffled(double[] values, SplittableRandom random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      double swap = values[i];
      values[i] = values[j];
      values[j] = swap;
    }
    return values;
  }

  /** Returns {@code "product":{…}} in UTF-8. */
  static byte[] productField(Product product) {
    return productField(
        upToDescription(product).put("category", product.category()).put("price", product.price()));
  }

  private static int descriptionEnd(Product product) {
    return productField(upToDescription(product)).length - "\"}".length();
  }

  private static ObjectNode upToDescription(Product product) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", product.id())
        .put("name", product.name())
        .put("description", product.description());
  }

  private static byte[] productField(ObjectNode fields) {
    JsonBuffer buffer = new JsonBuffer();
    buffer.put("\"product\":");
    buffer.put(bytes(fields));
    return buffer.toBytes();
  }

  /** Returns a value as JSON. */
  static byte[] bytes(Object value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
