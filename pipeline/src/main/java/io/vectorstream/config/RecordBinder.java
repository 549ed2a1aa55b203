package io.vectorstream.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.vectorstream.config.GivenValues.Given;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.ValidatorFactory;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.hibernate.validator.HibernateValidator;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;

/** The binder of values to the record that describes them, with their types and their limits. */
final class RecordBinder {
  private final GivenValues given;
  private final GivenValues defaults;

  /**
   * @param given receives the problems
   * @param defaults replace the values that are not given, or wrong
   */
  RecordBinder(GivenValues given, GivenValues defaults) {
    this.given = given;
    this.defaults = defaults;
  }

  /** Returns the record. Where a value is wrong, which is noted, it holds the default or null. */
  <T> T bind(Class<T> type) {
    try {
      T bound = SettingValues.MAPPER.treeToValue(group(type, ""), type);
      checkLimits(bound);
      return bound;
    } catch (JsonProcessingException e) {
      given.throwIfAny();
      throw new IllegalStateException(type + " cannot be made of its defaults", e);
    }
  }

  private JsonNode tree(Type type, String name) {
    if (RecordNames.isGroup(type)) {
      boolean isUsable = given.isGiven(name) && !given.isWrong(name);
      return isUsable || defaults.isGiven(name)
          ? group((Class<?>) type, name + ".")
          : NullNode.instance;
    }
    if (RecordNames.isMap(type)) {
      ObjectNode map = SettingValues.MAPPER.createObjectNode();
      defaults.entries(name).forEach(map::put);
      given.entries(name).forEach(map::put);
      return map;
    }
    return RecordNames.itemOf(type)
        .map(item -> list(item, name))
        .orElseGet(() -> value((Class<?>) type, name));
  }

  private JsonNode group(Class<?> type, String prefix) {
    ObjectNode group = SettingValues.MAPPER.createObjectNode();
    for (RecordComponent component : type.getRecordComponents()) {
      String name = RecordNames.snakeCase(component.getName());
      group.set(name, tree(component.getGenericType(), prefix + name));
    }
    return group;
  }

  private JsonNode list(Type item, String name) {
    ArrayNode list = SettingValues.MAPPER.createArrayNode();
    GivenValues source = given.isGiven(name) ? given : defaults;
    for (int i = 0; source.isGiven(GivenValues.item(name, i)); i++) {
      list.add(tree(item, GivenValues.item(name, i)));
    }
    return list;
  }

  private JsonNode value(Class<?> type, String name) {
    Given value = given.get(name);
    if (value != null && !given.isWrong(name)) {
      Optional<String> problem = SettingValues.problem(value.text(), type);
      if (problem.isEmpty()) {
        return TextNode.valueOf(value.text());
      }
      given.wrong(name, problem.get());
    }
    Given byDefault = defaults.get(name);
    return byDefault == null ? NullNode.instance : TextNode.valueOf(byDefault.text());
  }

  private void checkLimits(Object bound) {
    // The root locale: messages are in English whatever the machine's language. No expression
    // language, which would need one more library.
    try (ValidatorFactory factory =
        Validation.byProvider(HibernateValidator.class)
            .configure()
            .ignoreXmlConfiguration()
            .messageInterpolator(
                new ParameterMessageInterpolator(Set.of(Locale.ROOT), Locale.ROOT, false))
            .buildValidatorFactory()) {
      factory.getValidator().validate(bound).stream()
          .sorted(Comparator.comparing(violation -> violation.getPropertyPath().toString()))
          .forEach(this::note);
    }
  }

  private void note(ConstraintViolation<?> violation) {
    String path = violation.getPropertyPath().toString().replace(".<list element>", "");
    String name = RecordNames.snakeCase(path);
    if (given.isWrong(name)) {
      return;
    }
    Given value = given.get(name);
    Object invalid = violation.getInvalidValue();
    boolean isLeftOut = value == null && invalid instanceof Collection<?> items && items.isEmpty();
    if (invalid == null || isLeftOut) {
      given.problem(given.sourceAround(name), GivenValues.shown(name) + " is missing");
    } else {
      Object text = value == null || value.text() == null ? invalid : value.text();
      String what = ": '" + text + "' " + violation.getMessage();
      given.problem(given.sourceOf(name), GivenValues.shown(name) + what);
    }
  }
}
