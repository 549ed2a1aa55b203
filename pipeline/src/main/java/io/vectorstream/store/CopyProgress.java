package io.vectorstream.store;

import static io.vectorstream.store.Payload.integer;
import static io.vectorstream.store.Payload.text;

import io.qdrant.client.grpc.JsonWithInt.Value;
import java.util.Map;

/**
 * How far the points of a new model are made of what was stored before. Products come first.
 *
 * @param pass what is copied at present
 * @param from the id of the first point that is not copied yet; empty for the first of all
 * @param products copied so far
 * @param productsInAll when the copy began
 * @param users copied so far
 * @param usersInAll when the copy began
 * @param inPart users of whom not every event is stored any more
 * @param startedAt when a pipeline has begun; ISO-8601, empty if none has
 */
public record CopyProgress(
    Pass pass,
    String from,
    long products,
    long productsInAll,
    long users,
    long usersInAll,
    long inPart,
    String startedAt) {

  /** The steps of a copy. */
  public enum Pass {
    PRODUCTS,
    USERS,
    /** Everything is copied; some texts may wait for their embedding. */
    TEXTS
  }

  public static final CopyProgress NONE = new CopyProgress(Pass.PRODUCTS, "", 0, 0, 0, 0, 0, "");

  /** Returns the beginning, with the numbers of what there is to copy. */
  public CopyProgress begun(long productsInAll, long usersInAll, String startedAt) {
    return new CopyProgress(
        pass, from, products, productsInAll, users, usersInAll, inPart, startedAt);
  }

  /** Returns the same with more products copied. */
  public CopyProgress plusProducts(long more, String from) {
    return new CopyProgress(
        pass, from, products + more, productsInAll, users, usersInAll, inPart, startedAt);
  }

  /** Returns the same with more users copied. */
  public CopyProgress plusUsers(long more, long moreInPart, String from) {
    return new CopyProgress(
        pass,
        from,
        products,
        productsInAll,
        users + more,
        usersInAll,
        inPart + moreInPart,
        startedAt);
  }

  /** Returns the same at the beginning of another pass. */
  public CopyProgress in(Pass next) {
    return new CopyProgress(
        next, "", products, productsInAll, users, usersInAll, inPart, startedAt);
  }

  Value value() {
    return Payload.struct(
        Map.of(
            "pass", text(pass.name()),
            "from", text(from),
            "products", integer(products),
            "products_in_all", integer(productsInAll),
            "users", integer(users),
            "users_in_all", integer(usersInAll),
            "in_part", integer(inPart),
            "started_at", text(startedAt)));
  }

  static CopyProgress of(Value value) {
    Map<String, Value> fields = value.getStructValue().getFieldsMap();
    return new CopyProgress(
        Pass.valueOf(fields.get("pass").getStringValue()),
        fields.get("from").getStringValue(),
        fields.get("products").getIntegerValue(),
        fields.get("products_in_all").getIntegerValue(),
        fields.get("users").getIntegerValue(),
        fields.get("users_in_all").getIntegerValue(),
        fields.get("in_part").getIntegerValue(),
        fields.get("started_at").getStringValue());
  }
}
