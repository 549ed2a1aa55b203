package io.vectorstream.merge;

import java.io.Serializable;

/**
 * The subject of an action.
 *
 * @param id the product's id, or the search query
 * @param text the hash of the product's text at that time, {@link #FURTHER} for texts that are not
 *     kept apart, or the search query again
 */
record ActionSubject(String id, String text) implements Serializable {

  /** The text of all further texts of a product that has too many within one batch. */
  static final String FURTHER = "";

  static ActionSubject product(String id, String textHash) {
    return new ActionSubject(id, textHash);
  }

  static ActionSubject query(String query) {
    return new ActionSubject(query, query);
  }
}
