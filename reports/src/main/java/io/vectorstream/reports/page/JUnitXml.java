package io.vectorstream.reports.page;

import io.vectorstream.reports.page.Report.NamedTarget;
import io.vectorstream.reports.result.RunSummary.Target;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * The targets of a report as JUnit's XML, which CI systems read: a suite for each run, a test case
 * for each target. A target that is missed is a failure, one that was not measured is skipped.
 */
public final class JUnitXml {
  private static final String NAME = "vectorstream";

  private final XMLStreamWriter xml;

  private JUnitXml(XMLStreamWriter xml) {
    this.xml = xml;
  }

  public static String of(Report report) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
      new JUnitXml(xml).write(report);
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("targets always have an XML form", e);
    }
    return text.toString();
  }

  private void write(Report report) throws XMLStreamException {
    Map<String, List<Target>> byRun =
        report.targets().stream()
            .collect(
                Collectors.groupingBy(
                    NamedTarget::run,
                    LinkedHashMap::new,
                    Collectors.mapping(NamedTarget::target, Collectors.toList())));
    xml.writeStartDocument("UTF-8", "1.0");
    start("testsuites", NAME, report.targets().stream().map(NamedTarget::target).toList());
    for (Map.Entry<String, List<Target>> run : byRun.entrySet()) {
      start("testsuite", run.getKey(), run.getValue());
      for (Target target : run.getValue()) {
        write(run.getKey(), target);
      }
      end();
    }
    end();
    xml.writeEndDocument();
  }

  private void start(String element, String name, List<Target> targets) throws XMLStreamException {
    newLine();
    xml.writeStartElement(element);
    attribute("name", name);
    attribute("tests", targets.size());
    attribute("failures", targets.stream().filter(Target::isMissed).count());
    attribute("errors", 0);
    attribute(
        "skipped",
        targets.stream().filter(target -> !target.isMet() && !target.isMissed()).count());
  }

  private void write(String run, Target target) throws XMLStreamException {
    newLine();
    xml.writeStartElement("testcase");
    attribute("classname", NAME + "." + run);
    attribute("name", target.name());
    if (target.isMissed()) {
      xml.writeStartElement("failure");
      attribute("type", "missed");
      attribute("message", "asked %s, measured %s".formatted(target.target(), target.actual()));
      xml.writeEndElement();
    } else if (!target.isMet()) {
      xml.writeStartElement("skipped");
      attribute("message", target.actual());
      xml.writeEndElement();
    }
    xml.writeStartElement("system-out");
    xml.writeCharacters(clean("asked %s: %s".formatted(target.target(), target.actual())));
    xml.writeEndElement();
    xml.writeEndElement();
  }

  private void end() throws XMLStreamException {
    newLine();
    xml.writeEndElement();
  }

  private void newLine() throws XMLStreamException {
    xml.writeCharacters("\n");
  }

  private void attribute(String name, Object value) throws XMLStreamException {
    xml.writeAttribute(name, clean(value.toString()));
  }

  /** Replaces characters that XML has no way to write, which a text from a file may have. */
  private static String clean(String text) {
    return text.codePoints()
        .map(c -> isXml(c) ? c : '\uFFFD')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean isXml(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= 0x20 && c <= 0xD7FF)
        || (c >= 0xE000 && c <= 0xFFFD)
        || c >= 0x10000;
  }
}
