package io.vectorstream.generator;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;

/**
 * A runner that sends the records of a source at a steady rate, and counts them.
 *
 * <p>The n-th event is due n / rate seconds after the start. About every millisecond the due events
 * are sent, and the timestamp of an event is the time at which it was due, not at which it was
 * sent: a latency measured from it includes the waiting of events that a slow sink delayed. After
 * such a delay the due times are kept, and the runner catches up as fast as the sink takes the
 * events. So at a steady rate no event is omitted because the one before it was slow. Only events
 * that are still delayed when the duration is over are not sent. This is visible: fewer events were
 * sent than the rate times the duration.
 *
 * <p>When the rate changes, the schedule continues from that moment, and events that were due and
 * not yet sent are dropped: the new rate should apply to the following events, without a burst of
 * the past.
 */
public final class LoadRunner {

  private static final long TICK = 1_000_000;
  private static final long LONGEST_SLEEP = 10_000_000;

  /** The time after the end during which events that were due before it may still be sent. */
  private static final long GRACE = 100_000_000;

  /** The number of events sent between two checks of the clock and the rate. */
  private static final int STRIDE = 64;

  private final EventSource source;
  private final EventSink sink;
  private final DoubleSupplier rate;
  private final long count;
  private final long end;
  private final Ticker ticker;

  private final Schedule schedule = new Schedule();
  private final AtomicBoolean started = new AtomicBoolean();
  private final AtomicLong valid = new AtomicLong();
  private final AtomicLong malformed = new AtomicLong();
  private final AtomicLong duplicates = new AtomicLong();
  private final AtomicLong late = new AtomicLong();
  private long sent;
  private volatile boolean stopped;
  private volatile boolean running;
  private volatile long startNanos;
  private volatile long elapsedNanos;

  /**
   * Makes a run over the model of shoppers or a replay; it also ends when the source does.
   *
   * @param rate events per second, read at least every 10 ms; {@link Double#POSITIVE_INFINITY}: as
   *     fast as the sink takes them; 0: none until it changes
   * @param count records to send at most
   * @param duration how long to run at most; null: no limit
   */
  public LoadRunner(
      EventSource source, EventSink sink, DoubleSupplier rate, long count, Duration duration) {
    this(source, sink, rate, count, duration, Ticker.SYSTEM);
  }

  LoadRunner(
      EventSource source,
      EventSink sink,
      DoubleSupplier rate,
      long count,
      Duration duration,
      Ticker ticker) {
    this.source = source;
    this.sink = sink;
    this.rate = rate;
    this.count = count;
    this.end = duration == null ? Schedule.NEVER : nanos(duration);
    this.ticker = ticker;
  }

  private static long nanos(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException e) {
      return Schedule.NEVER;
    }
  }

  /**
   * Sends until the count, the duration or the source is used up, or {@link #stop} is called or the
   * thread is interrupted; then flushes the sink. The sink stays open. A runner runs once.
   *
   * @throws SinkException when the sink fails; {@link #soFar} still returns what was sent
   */
  public LoadReport run() {
    if (!started.compareAndSet(false, true)) {
      throw new IllegalStateException("a LoadRunner runs once");
    }
    startNanos = ticker.nanoTime();
    running = true;
    try {
      sendAll();
      sink.flush();
    } finally {
      elapsedNanos = ticker.nanoTime() - startNanos;
      running = false;
    }
    return soFar();
  }

  /** Returns the counts until now. Any thread may call this. */
  public LoadReport soFar() {
    long validNow = valid.get();
    long malformedNow = malformed.get();
    long duplicatesNow = duplicates.get();
    long sentNow = validNow + malformedNow + duplicatesNow;
    long nanos = running ? ticker.nanoTime() - startNanos : elapsedNanos;
    return new LoadReport(
        sentNow,
        validNow,
        malformedNow,
        duplicatesNow,
        late.get(),
        Duration.ofNanos(nanos),
        nanos == 0 ? 0 : sentNow * 1e9 / nanos);
  }

  /** Ends the run after the present event. Any thread may call it, also before the run. */
  public void stop() {
    stopped = true;
  }

  private void sendAll() {
    while (goesOn()) {
      long now = ticker.nanoTime() - startNanos;
      if (now >= end && now - end >= GRACE) {
        return;
      }
      schedule.changeRate(rate.getAsDouble(), now);
      long due = sendDue(now);
      if (now >= end && due >= end) {
        return;
      }
      if (due > now) {
        ticker.sleep(Math.min(Math.max(due - now, TICK), LONGEST_SLEEP));
      }
    }
  }

  /** Sends the due events, a stride at most, and returns when the next event is due. */
  private long sendDue(long now) {
    Instant wall = ticker.now();
    long due = nextDue(now);
    for (int i = 0; i < STRIDE && due <= now && due < end && goesOn(); i++) {
      Instant dueAt = wall.plusNanos(due - now);
      GeneratedRecord record = source.next(dueAt);
      if (record == null) {
        stopped = true;
        break;
      }
      sink.send(record.dueAt(dueAt));
      count(record.kind());
      schedule.advance();
      due = nextDue(now);
    }
    return due;
  }

  private long nextDue(long now) {
    long own = source.ownDue();
    return own == EventSource.RUNNER_DECIDES ? schedule.due(now) : own;
  }

  private boolean goesOn() {
    return !stopped && sent < count && !Thread.currentThread().isInterrupted();
  }

  /** Counts with a plain write in order, because only the running thread writes. */
  private void count(RecordKind kind) {
    sent++;
    switch (kind) {
      case EVENT -> valid.lazySet(valid.get() + 1);
      case LATE -> {
        valid.lazySet(valid.get() + 1);
        late.lazySet(late.get() + 1);
      }
      case DUPLICATE -> duplicates.lazySet(duplicates.get() + 1);
      case MALFORMED -> malformed.lazySet(malformed.get() + 1);
    }
  }
}
