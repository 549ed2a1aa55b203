import { Refused, Unreachable } from "./api.js";
import { byId, setNote } from "./dom.js";

const SLOWEST = 30_000;

const pollers = new Set();
let isPaused = false;

/**
 * Calls a function again and again: never twice at once, not while the tab is hidden or the page
 * is paused, and less often while the server is unwell.
 *
 * @param {number} interval milliseconds from the end of one call to the next
 * @param {function} call asks and shows; may return another interval for the next time
 * @param {function} failed shows why the call failed, in a sentence
 */
export function poll(interval, call, failed) {
  const poller = { timer: null, isBusy: false, run };
  let failures = 0;

  async function run() {
    clearTimeout(poller.timer);
    if (poller.isBusy || document.hidden || isPaused) {
      return;
    }
    poller.isBusy = true;
    let next = interval;
    try {
      next = (await call()) ?? interval;
      failures = 0;
    } catch (error) {
      failures++;
      next = Math.max(interval, Math.min(SLOWEST, interval * 2 ** Math.min(failures - 1, 3)));
      failed(reason(error), error);
    } finally {
      poller.isBusy = false;
    }
    if (!document.hidden && !isPaused) {
      poller.timer = setTimeout(poller.run, next);
    }
  }

  pollers.add(poller);
  run();
}

/**
 * The same for a section with a note; what it shows stays, paler, while it cannot be had anew.
 *
 * @param {string} name the section's id
 * @param {number} interval
 * @param {function} refresh gives the note's text, which is empty where there is something to show
 */
export function pollSection(name, interval, refresh) {
  const section = byId(name);
  const note = byId(`${name}-note`);
  poll(
    interval,
    async () => {
      const text = await refresh();
      section.classList.remove("stale");
      setNote(note, text);
    },
    (why) => {
      section.classList.add("stale");
      setNote(note, why, true);
    },
  );
}

/** The reason of a failure, in a sentence. */
export function reason(error) {
  if (error instanceof Refused) {
    return error.status === 429 ? "The server is busy." : sentence(error.message);
  }
  if (error instanceof Unreachable) {
    return error.message;
  }
  console.error(error);
  return "This page has failed to show it; the browser's console says why.";
}

function sentence(text) {
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}

/** Stops all of it, or goes on at once. */
export function setPaused(paused) {
  isPaused = paused;
  pollers.forEach((poller) => (paused ? clearTimeout(poller.timer) : poller.run()));
}

document.addEventListener("visibilitychange", () => {
  pollers.forEach((poller) => (document.hidden ? clearTimeout(poller.timer) : poller.run()));
});
