package io.vectorstream.process;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The objects that all parts of a JVM share: connections, models, and what Spark, which creates
 * some classes by their names, cannot be given otherwise. Each is known by its class and a key.
 */
public final class JvmRegistry {

  /** By class, so that making one object may ask for objects of other classes. */
  private static final Map<Class<?>, Map<Object, Object>> OBJECTS = new ConcurrentHashMap<>();

  private JvmRegistry() {}

  /** Returns the object under a key; makes it first where there is none. */
  public static <T> T get(Class<T> type, Object key, Supplier<T> make) {
    return type.cast(objects(type).computeIfAbsent(key, absent -> make.get()));
  }

  /** Returns the object under a key, if there is one. */
  public static <T> Optional<T> find(Class<T> type, Object key) {
    return Optional.ofNullable(type.cast(objects(type).get(key)));
  }

  /** Returns all objects of a class. */
  public static <T> List<T> all(Class<T> type) {
    Collection<Object> all = objects(type).values();
    return all.stream().<T>map(type::cast).toList();
  }

  /** Puts an object under a key, in the place of an earlier one. */
  public static <T> void put(Class<T> type, Object key, T object) {
    objects(type).put(key, object);
  }

  /** Removes the object under a key; returns it, if there was one. */
  public static <T> Optional<T> remove(Class<T> type, Object key) {
    return Optional.ofNullable(type.cast(objects(type).remove(key)));
  }

  /** Removes an object, unless there is another under its key by now. */
  public static <T> void remove(Class<T> type, Object key, T object) {
    objects(type).remove(key, object);
  }

  private static Map<Object, Object> objects(Class<?> type) {
    return OBJECTS.computeIfAbsent(type, absent -> new ConcurrentHashMap<>());
  }
}
