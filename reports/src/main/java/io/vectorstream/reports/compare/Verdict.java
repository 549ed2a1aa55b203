package io.vectorstream.reports.compare;

/** What a change amounts to. */
public enum Verdict {
  REGRESSION("worse"),
  IMPROVEMENT("better"),
  WITHIN_NOISE("within noise"),
  NOT_JUDGED("not judged"),
  OTHER_MACHINE("other machine");

  private final String words;

  Verdict(String words) {
    this.words = words;
  }

  public String words() {
    return words;
  }
}
