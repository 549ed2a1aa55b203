import { el, setText } from "./dom.js";
import { ago, time } from "./format.js";

/** An element that says how long ago it was, and keeps saying it; the title has the moment. */
export function timeAgo(instant) {
  const element = el("time", { datetime: instant, title: time(instant), "data-ago": true });
  element.textContent = ago(instant);
  return element;
}

/** Another moment for such an element. */
export function setTimeAgo(element, instant) {
  if (element.dateTime !== instant) {
    element.dateTime = instant;
    element.title = time(instant);
  }
  setText(element, ago(instant));
}

/** Keeps all of them right. */
export function keepTimes() {
  setInterval(() => {
    if (!document.hidden) {
      document
        .querySelectorAll("time[data-ago]")
        .forEach((element) => setText(element, ago(element.dateTime)));
    }
  }, 1000);
}
