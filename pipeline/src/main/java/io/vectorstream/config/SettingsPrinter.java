package io.vectorstream.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.Map;

/** The settings in force, as YAML or JSON in the form of {@code config/vectorstream.yaml}. */
public final class SettingsPrinter {
  private SettingsPrinter() {}

  /**
   * Returns every setting with its value. Stars replace secrets, Kafka and Spark settings with a
   * secret's name, and secrets within any other value.
   */
  public static String toYaml(Settings settings) {
    ObjectNode tree = toJson(settings);
    YAMLFactory yaml =
        YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .build();
    try {
      return new YAMLMapper(yaml).writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("settings that cannot be written as YAML", e);
    }
  }

  /** Returns the same as a tree of JSON. */
  public static ObjectNode toJson(Settings settings) {
    ObjectNode tree = SettingValues.MAPPER.valueToTree(settings);
    redact((ObjectNode) tree.at("/kafka/properties"), settings.kafka().properties());
    redact((ObjectNode) tree.at("/spark/properties"), settings.spark().properties());
    mask(tree);
    return tree;
  }

  private static void mask(ObjectNode group) {
    group
        .properties()
        .forEach(
            setting -> {
              if (setting.getValue() instanceof ObjectNode inner) {
                mask(inner);
              } else if (setting.getValue().isTextual()) {
                setting.setValue(TextNode.valueOf(Redaction.mask(setting.getValue().asText())));
              }
            });
  }

  private static void redact(ObjectNode node, Map<String, String> properties) {
    node.removeAll();
    Redaction.redact(properties).forEach(node::put);
  }
}
