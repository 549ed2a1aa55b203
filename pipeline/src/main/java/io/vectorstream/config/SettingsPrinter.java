package io.vectorstream.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.Map;

/** The settings in force, as YAML or JSON that reads like {@code config/vectorstream.yaml}. */
public final class SettingsPrinter {
  private SettingsPrinter() {}

  /**
   * Every setting with its value; secrets, Kafka and Spark settings that name one, and what any
   * other value holds of them as stars.
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

  /** The same as a tree of JSON. */
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
