package io.vectorstream.reports.compare;

/** The verdict on a change. */
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
