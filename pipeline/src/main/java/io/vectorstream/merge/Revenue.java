package io.vectorstream.merge;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.shop.EventType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * Amounts of money. They are added up in ten-thousandths, as whole numbers of any size: sums of
 * doubles depend on their order, and one event can make a sum of 64 bits overflow.
 */
public final class Revenue {

  private static final int DIGITS = 4;

  private static final double UNITS = 10_000;

  /** The amount from which on a double times {@link #UNITS} need not fit into 64 bits. */
  private static final double LARGE = 9e14;

  private Revenue() {}

  /**
   * Returns the revenue of an event, in ten-thousandths: a purchase's total, or else its price
   * times its quantity; rounded. 0 for anything but a purchase.
   */
  static BigInteger units(ShopEvent event) {
    if (event.type() != EventType.PURCHASE) {
      return BigInteger.ZERO;
    }
    if (event.totalAmount() != null) {
      return units(event.totalAmount());
    }
    double price = event.product().price();
    long quantity = event.quantity() == null ? 1 : event.quantity();
    double amount = price * quantity;
    return Math.abs(amount) < LARGE
        ? units(amount)
        : units(new BigDecimal(price).multiply(BigDecimal.valueOf(quantity)));
  }

  /** Returns an amount in ten-thousandths, rounded. */
  static BigInteger units(double amount) {
    return Math.abs(amount) < LARGE
        ? BigInteger.valueOf(Math.round(amount * UNITS))
        : units(new BigDecimal(amount));
  }

  private static BigInteger units(BigDecimal amount) {
    return amount.movePointRight(DIGITS).setScale(0, RoundingMode.HALF_UP).toBigInteger();
  }

  /** Returns the amount as a double: the nearest that is finite. */
  public static double amount(BigInteger units) {
    double amount =
        units.bitLength() < Long.SIZE
            ? units.longValue() / UNITS
            : new BigDecimal(units, DIGITS).doubleValue();
    return Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, amount));
  }

  /** Returns the amount with all of its digits; null if {@link #amount} is exact. */
  public static String exactAmount(BigInteger units) {
    return units(amount(units)).equals(units)
        ? null
        : new BigDecimal(units, DIGITS).toPlainString();
  }

  /**
   * Converts the results of the two back.
   *
   * @param exactAmount null if there is none
   */
  public static BigInteger units(double amount, String exactAmount) {
    return exactAmount == null ? units(amount) : units(new BigDecimal(exactAmount));
  }
}
