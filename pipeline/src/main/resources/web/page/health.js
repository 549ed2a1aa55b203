import { ask } from "./api.js";
import { byId, el, setText, showItems } from "./dom.js";
import { words } from "./format.js";
import { poll } from "./poll.js";

const tones = { up: "good", running: "good", down: "bad", failed: "bad", stopped: "bad" };

/** Shows how Kafka, Qdrant and the embedding are; the pipeline has a place of its own. */
export function showHealth() {
  poll(10_000, refresh, () => byId("parts").classList.add("stale"));
}

async function refresh() {
  const health = await ask("/health", { alsoFine: [503] });
  const parts = Object.entries(health.parts ?? {}).filter(([name]) => name !== "pipeline");
  byId("parts").classList.remove("stale");
  showItems(
    byId("parts"),
    parts,
    ([name]) => name,
    ([name]) =>
      el("li", {}, el("span.dot"), `${words(name)} `, el("b"), " ", el("span.aside")),
    (element, [, part]) => {
      element.dataset.tone = tones[part.state] ?? "busy";
      setText(element.querySelector("b"), part.state);
      setText(element.querySelector(".aside"), part.reason ?? "");
    },
  );
}
