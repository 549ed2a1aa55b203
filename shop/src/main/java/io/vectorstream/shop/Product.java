package io.vectorstream.shop;

import java.io.Serializable;

/**
 * A product as a catalogue or an event describes it.
 *
 * @param id unique in its shop
 * @param name never blank
 * @param description may be empty or null
 * @param category a name, or a path with {@code " | "} between its levels; may be empty or null
 * @param price 0 or more, in the shop's currency
 */
public record Product(String id, String name, String description, String category, double price)
    implements Serializable {}
