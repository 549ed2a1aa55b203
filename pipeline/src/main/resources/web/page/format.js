const wholes = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const cents = new Intl.NumberFormat(undefined, {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});
const percents = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const minuteClock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** 12,345 */
export const count = (number) => wholes.format(number);

/** 12,345, and 9.5 below a hundred. */
export const rate = (number) => (number < 100 ? tenths : wholes).format(number);

/** An amount in the shop's own currency, which events do not name. */
export const money = (amount) => cents.format(amount);

/** 12.3% */
export const percent = (share) => percents.format(share);

/** 0.792 */
export const score = (number) => (Math.abs(number) < 10 ? number.toFixed(3) : rate(number));

/** 850 ms, 9.3 s, 2 min 5 s, 3 h 4 min, 2 d 3 h. */
export function duration(ms) {
  if (ms < 1000) {
    return `${wholes.format(ms)} ms`;
  }
  if (ms < 60_000) {
    return `${tenths.format(ms / 1000)} s`;
  }
  const seconds = Math.floor(ms / 1000);
  const units = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ];
  const first = units.findIndex(([number]) => number > 0);
  return units
    .slice(first, first + 2)
    .filter(([number]) => number > 0)
    .map(([number, unit]) => `${number} ${unit}`)
    .join(" ");
}

/** 14:05:09, and the day before it where that is not today. */
export function time(instant) {
  const date = new Date(instant);
  return date.toDateString() === new Date().toDateString() ? clock.format(date) : full.format(date);
}

/** 14:05:09 */
export const second = (instant) => clock.format(new Date(instant));

/** 14:05 */
export const minute = (instant) => minuteClock.format(new Date(instant));

/** "5 s ago", in steps that do not flicker. */
export function ago(instant) {
  const ms = Math.max(0, Date.now() - Date.parse(instant));
  if (ms < 1500) {
    return "now";
  }
  return `${duration(ms < 60_000 ? Math.round(ms / 1000) * 1000 : ms - (ms % 60_000))} ago`;
}

/** "Invalid timestamp" of invalid_timestamp. */
export function words(name) {
  const text = name.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const DONE = {
  view: "viewed",
  add_to_cart: "put in the cart",
  remove_from_cart: "took from the cart",
  purchase: "bought",
  wishlist_add: "wished for",
  search: "searched",
};

/** A user's action in a word: "bought". */
export const done = (eventType) => DONE[eventType] ?? eventType;

/** In the order in which people do it. */
const PLURALS = {
  search: "Searches",
  view: "Views",
  wishlist_add: "Wishes",
  add_to_cart: "Carts",
  remove_from_cart: "Taken from carts",
  purchase: "Purchases",
};

/** Of two event types, which is shown first. */
export const byOrder = (one, other) => place(one) - place(other);

const place = (eventType) => Object.keys(PLURALS).indexOf(eventType);

/** Events of a type: "Purchases". */
export const events = (eventType) => PLURALS[eventType] ?? words(eventType);

/** The part of an answer that no batch has merged yet, in words; empty if there is none. */
export function freshness(fresh) {
  if (!fresh || fresh.events === 0) {
    return "";
  }
  const events = `${count(fresh.events)} fresh ${fresh.events === 1 ? "event" : "events"}`;
  return `${events}${fresh.complete ? "" : ", and perhaps more,"} not in a batch yet`;
}
