import { ask } from "./api.js";
import { byId, el, setNote, setText, showItems } from "./dom.js";
import { count, words } from "./format.js";
import { address } from "./links.js";
import { pollSection } from "./poll.js";

let isPolling = false;

/**
 * Shows how many records could not be read, by the reason.
 *
 * @param {object|null} byReason those of the pipeline of this process, since it began; null where
 *     there is none, and the topic is asked
 */
export function showDeadLetters(byReason) {
  if (byReason !== null) {
    byId("dead-letters").classList.remove("stale");
    setText(byId("dead-letters-aside"), "since the start");
    setNote(byId("dead-letters-note"), show(byReason) ? "" : "None since the start.");
  } else if (!isPolling) {
    isPolling = true;
    // All of the topic is read for it.
    pollSection("dead-letters", 60_000, async () => {
      const { by_reason: reasons, total } = await ask("/dead-letters", { query: { limit: 0 } });
      setText(byId("dead-letters-aside"), `${count(total)} in the topic`);
      return show(reasons) ? "" : "None in the topic.";
    });
  }
}

/** Shows that there is no news of them, and why. */
export function showDeadLettersUnknown(why) {
  byId("dead-letters").classList.add("stale");
  setNote(byId("dead-letters-note"), why, true);
}

function show(byReason) {
  const reasons = Object.entries(byReason).sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  const most = Math.max(1, ...reasons.map(([, number]) => number));
  showItems(
    byId("dead-letters-reasons"),
    reasons,
    ([reason]) => reason,
    ([reason]) =>
      el("li", {}, el("a", { href: address("dead-letters", reason) }, words(reason)), el("b")),
    (element, [, number]) => {
      element.style.setProperty("--share", `${((number / most) * 100).toFixed(1)}%`);
      setText(element.querySelector("b"), count(number));
    },
  );
  return reasons.length > 0;
}
