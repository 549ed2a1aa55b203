package io.vectorstream.generator;

import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The events of a shop, from a model of its shoppers. Each user has a few preferred categories and
 * a price level; many sessions run at once, each going through a funnel of search, view, cart,
 * wishlist and purchase. Products and queries are popular by Zipf's law. About half of the searches
 * carry the product that was clicked, the others none.
 *
 * <p>The same catalogue, settings and seed give the same bytes, if the due times are the same;
 * event ids are UUIDs that depend on the seed and the position in the stream only. A stream is for
 * one thread.
 */
public final class EventStream implements EventSource {

  private static final int RECENT = 4096;

  private static final long ASSORTMENT = 1;
  private static final long SESSIONS = 2;
  private static final long FAULTS = 3;
  private static final long EVENT_IDS_MOST = 4;
  private static final long EVENT_IDS_LEAST = 5;
  private static final long USERS = 6;
  private static final long COMPANIONS = 7;

  private final Assortment assortment;
  private final ShopperSettings settings;
  private final SplittableRandom random;
  private final SplittableRandom faults;
  private final long idsMost;
  private final long idsLeast;
  private final long usersSeed;
  private final EventJson writer;
  private final MalformedRecords malformed;

  private final Shopper[] shoppers;
  private final int[] activityOrder;
  private final AliasTable byActivity;
  private final Session[] sessions;

  /** The events that may be sent again. */
  private final GeneratedRecord[] recent = new GeneratedRecord[RECENT];

  private long kept;
  private long written;

  /**
   * @param seed any number; other seeds give other streams with other event ids
   */
  public EventStream(Catalog catalog, ShopperSettings settings, long seed) {
    this.settings = settings;
    random = Seeds.random(seed, SESSIONS);
    faults = Seeds.random(seed, FAULTS);
    idsMost = Seeds.derive(seed, EVENT_IDS_MOST);
    idsLeast = Seeds.derive(seed, EVENT_IDS_LEAST);
    usersSeed = Seeds.derive(seed, USERS);
    assortment = new Assortment(catalog, settings.zipfExponent(), Seeds.random(seed, ASSORTMENT));
    if (settings.habits().companions() > 0) {
      assortment.chooseCompanions(Seeds.random(seed, COMPANIONS));
    }
    writer = new EventJson(assortment, random, settings.changingShare());
    malformed = new MalformedRecords(faults);
    shoppers = new Shopper[settings.users()];
    activityOrder = IntStream.range(0, settings.users()).toArray();
    shuffle(activityOrder);
    byActivity =
        new AliasTable(AliasTable.zipfWeights(settings.users(), settings.activityExponent()));
    sessions = new Session[Math.min(settings.concurrentSessions(), settings.users())];
  }

  /**
   * Returns the preferred categories of a user, the most preferred first; those of the latest
   * session, where tastes change.
   *
   * @param userId as in the events
   * @return names of categories; for categories that are paths, their first two levels
   */
  public List<String> tastes(String userId) {
    return IntStream.of(shopper(userNumber(userId)).tastes).mapToObj(assortment::category).toList();
  }

  private int userNumber(String userId) {
    if (userId.startsWith(Shopper.ID_PREFIX)) {
      try {
        int number = Integer.parseInt(userId.substring(Shopper.ID_PREFIX.length()));
        if (number < shoppers.length && Shopper.id(number).equals(userId)) {
          return number;
        }
      } catch (NumberFormatException e) {
        // The exception below says so.
      }
    }
    throw new IllegalArgumentException("this stream has no user " + userId);
  }

  /**
   * Returns the next record; there is always one.
   *
   * @param due the event's timestamp, in the years 0 to 9999, to the microsecond; for a late event,
   *     the time that its lateness is subtracted from
   */
  @Override
  public GeneratedRecord next(Instant due) {
    double u = faults.nextDouble();
    if (u < settings.malformedShare()) {
      Session session = nextStep();
      return new GeneratedRecord(
          RecordKind.MALFORMED,
          session.shopper.id,
          malformed.breakEvent(write(session, due, true)));
    }
    u -= settings.malformedShare();
    if (u < settings.duplicateShare() && kept > 0) {
      GeneratedRecord again = recent[faults.nextInt((int) Math.min(kept, RECENT))];
      return new GeneratedRecord(RecordKind.DUPLICATE, again.key(), again.value());
    }
    u -= settings.duplicateShare();
    Session session = nextStep();
    GeneratedRecord record =
        u >= 0 && u < settings.lateShare()
            ? new GeneratedRecord(
                RecordKind.LATE, session.shopper.id, write(session, past(due), false))
            : new GeneratedRecord(RecordKind.EVENT, session.shopper.id, write(session, due, false));
    if (settings.duplicateShare() > 0) {
      recent[(int) (kept++ % RECENT)] = record;
    }
    return record;
  }

  private Instant past(Instant due) {
    return due.minusMillis(1 + faults.nextLong(settings.maxLateness().toMillis()));
  }

  private byte[] write(Session session, Instant time, boolean withProduct) {
    long position = written++;
    return writer.write(
        session,
        Seeds.derive(idsMost, position),
        Seeds.derive(idsLeast, position),
        time.getEpochSecond(),
        time.getNano() / 1000,
        withProduct);
  }

  /** Returns a session after its next step. */
  private Session nextStep() {
    int slot = random.nextInt(sessions.length);
    while (sessions[slot] == null || !sessions[slot].step()) {
      if (sessions[slot] != null) {
        sessions[slot].shopper.shopping = false;
      }
      Shopper shopper = nextShopper();
      shopper.shopping = true;
      sessions[slot] =
          new Session(
              shopper, random.nextLong(), assortment, settings.funnel(), settings.habits(), random);
    }
    return sessions[slot];
  }

  /** Returns a user who is not shopping: one by activity, or the next free one after some tries. */
  private Shopper nextShopper() {
    int rank = 0;
    for (int tries = 0; tries < 8; tries++) {
      rank = byActivity.sample(random);
      Shopper shopper = shopper(activityOrder[rank]);
      if (!shopper.shopping) {
        return shopper;
      }
    }
    while (shopper(activityOrder[rank]).shopping) {
      rank = (rank + 1) % activityOrder.length;
    }
    return shopper(activityOrder[rank]);
  }

  /** Returns a user. Users are made at their first visit, each from a seed of its own. */
  private Shopper shopper(int number) {
    if (shoppers[number] == null) {
      shoppers[number] = new Shopper(number, assortment, Seeds.random(usersSeed, number));
    }
    return shoppers[number];
  }

  private void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = values[i];
      values[i] = values[j];
      values[j] = swap;
    }
  }
}
