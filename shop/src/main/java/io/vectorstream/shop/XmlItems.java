package io.vectorstream.shop;

import java.io.IOException;
import java.io.Reader;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The rows of a feed in XML: the items of RSS, or the entries of Atom. */
final class XmlItems implements CatalogRows {
  private static final Set<String> ITEMS = Set.of("item", "entry");

  private final Reader text;
  private final XMLStreamReader xml;
  private long line = 1;
  private boolean hasItems;

  XmlItems(Reader text) throws IOException {
    this.text = text;
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    try {
      this.xml = factory.createXMLStreamReader(text);
    } catch (XMLStreamException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public long line() {
    return line;
  }

  @Override
  public RowFields next() throws WrongRowException {
    try {
      while (xml.hasNext()) {
        if (xml.next() == XMLStreamConstants.START_ELEMENT && ITEMS.contains(xml.getLocalName())) {
          line = xml.getLocation().getLineNumber();
          hasItems = true;
          return fields()::get;
        }
      }
      if (!hasItems) {
        throw new WrongRowException(
            "begins XML without an item or entry; expected a feed in RSS or Atom", true);
      }
      return null;
    } catch (XMLStreamException e) {
      line = e.getLocation() == null ? line : e.getLocation().getLineNumber();
      throw new WrongRowException(
          "is not XML, and what follows cannot be read: " + firstLineWithoutPlace(e), true);
    }
  }

  /** Returns the texts of the elements in the item; those within them belong to something else. */
  private Map<String, String> fields() throws XMLStreamException {
    Map<String, String> fields = new HashMap<>();
    StringBuilder value = new StringBuilder();
    for (int depth = 1; depth > 0; ) {
      int event = xml.next();
      if (event == XMLStreamConstants.START_ELEMENT) {
        depth++;
        value.setLength(0);
      } else if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
        value.append(xml.getText());
      } else if (event == XMLStreamConstants.END_ELEMENT) {
        if (depth == 2) {
          fields.putIfAbsent(ColumnNames.normal(xml.getLocalName()), value.toString().strip());
        }
        depth--;
      }
    }
    return fields;
  }

  /** The parser's message has its place in two lines before it. */
  private static String firstLineWithoutPlace(XMLStreamException e) {
    String message = String.valueOf(e.getMessage());
    int text = message.indexOf("Message: ");
    return (text < 0 ? message : message.substring(text + "Message: ".length()))
        .lines()
        .findFirst()
        .orElse("");
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
