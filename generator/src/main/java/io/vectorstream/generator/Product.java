package io.vectorstream.generator;

/**
 * One product of a catalogue.
 *
 * @param id unique in its catalogue
 * @param name never blank
 * @param description may be empty
 * @param category a name, or a path with {@code " | "} between its levels; may be empty
 * @param price 0 or more, in the shop's currency
 */
public record Product(String id, String name, String description, String category, double price) {}
