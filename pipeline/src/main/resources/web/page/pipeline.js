import { ask, Refused } from "./api.js";
import { Chart } from "./charts.js";
import { byId, el, setNote, setText, showItems, table } from "./dom.js";
import { count, duration, percent, rate, time } from "./format.js";
import { poll } from "./poll.js";
import { timeAgo } from "./times.js";

const OFTEN = 2000;
const SELDOM = 30_000;
const TABLE_ROWS = 15;

const tone = {
  running: "good",
  starting: "busy",
  delayed: "busy",
  waiting: "busy",
  restarting: "busy",
  failed: "bad",
  stopped: "bad",
};

let charts = null;
let batches = [];
let shownBatch = "";
let deadLetters;
let deadLettersUnknown;

/**
 * Shows the state, the figures and the last batches.
 *
 * @param {function} showDeadLetters is given those of this process by their reason, or null where
 *     no pipeline runs in it
 * @param {function} showDeadLettersUnknown is given why there is no news of them
 */
export function showPipeline(showDeadLetters, showDeadLettersUnknown) {
  deadLetters = showDeadLetters;
  deadLettersUnknown = showDeadLettersUnknown;
  byId("batches").addEventListener("toggle", showTable);
  poll(OFTEN, refresh, failed);
}

async function refresh() {
  const status = await ask("/stats/pipeline").catch((error) => {
    if (error instanceof Refused && error.status === 404) {
      return null;
    }
    throw error;
  });
  if (status === null) {
    showNone();
    return SELDOM;
  }
  byId("pipeline-body").hidden = false;
  byId("pipeline").classList.remove("stale");
  setNote(byId("pipeline-note"), status.reason, tone[status.state] === "bad");
  showState(status.state, tone[status.state] ?? "busy");
  showSince(status);
  showTiles(status);
  const latest = status.batches.at(-1);
  const batch = `${status.batches.length} ${latest?.id} ${latest?.started_at}`;
  if (batch !== shownBatch) {
    shownBatch = batch;
    batches = status.batches;
    showCharts();
    showTable();
  }
  deadLetters(status.dead_letters);
  return OFTEN;
}

function showNone() {
  byId("pipeline-body").hidden = true;
  byId("pipeline-since").replaceChildren();
  byId("pipeline").classList.remove("stale");
  showState("serving", "good");
  setNote(
    byId("pipeline-note"),
    "This process only serves: no pipeline runs in it. The one that runs it has its figures.",
  );
  deadLetters(null);
}

function failed(why, error) {
  const isStarting = error instanceof Refused && error.status === 503;
  showState(isStarting ? "starting" : "unknown", isStarting ? "busy" : "bad");
  byId("pipeline").classList.add("stale");
  setNote(byId("pipeline-note"), why, !isStarting);
  deadLettersUnknown(why);
}

function showState(state, itsTone) {
  const element = byId("state");
  element.dataset.tone = itsTone;
  setText(byId("state-word"), state.charAt(0).toUpperCase() + state.slice(1));
  document.title = itsTone === "good" ? "VectorStream" : `${state}: VectorStream`;
}

function showSince(status) {
  const aside = byId("pipeline-since");
  const restarts = status.restarts === 1 ? "1 restart" : `${count(status.restarts)} restarts`;
  if (aside.dataset.for !== `${status.state} ${status.since} ${restarts}`) {
    aside.dataset.for = `${status.state} ${status.since} ${restarts}`;
    aside.replaceChildren(`${status.state} since ${time(status.since)}, started `);
    aside.append(timeAgo(status.started_at), status.restarts > 0 ? `, ${restarts}` : "");
  }
}

function showTiles(status) {
  const { totals, latency_ms: latency, embedding, engine } = status;
  const asked = embedding?.requests ?? 0;
  const tiles = [
    ["Throughput", `${rate(status.throughput_eps)} events/s`, "over the last minute"],
    [
      "Latency",
      latency.max === 0 ? "none" : `p50 ${duration(latency.p50)}`,
      latency.max === 0
        ? "no events in the last minute"
        : `p95 ${duration(latency.p95)}, p99 ${duration(latency.p99)}`,
    ],
    ["Stored", count(totals.stored), `of ${count(totals.records)} records since the start`],
    ["Duplicates", count(totals.duplicates), "recognised, and counted once"],
    ["Dead letters", count(totals.dead_lettered), "could not be read"],
    ["Waiting", count(status.waiting), "records left in Kafka"],
    ["Texts to embed", count(status.pending_texts), "left by the last batch"],
    [
      "Embedding",
      [engine?.engine, engine?.device, engine?.precision].filter(Boolean).join(", "),
      [engine?.model, asked > 0 ? `${percent(embedding.cache_hits / asked)} from memory` : null]
        .filter(Boolean)
        .join(", "),
    ],
  ];
  if ((status.executors ?? []).length > 0) {
    tiles.push([
      "Executors",
      count(status.executors.length),
      status.executors.map((executor) => executor.host).join(", "),
    ]);
  }
  const feed = status.product_feed;
  if (feed) {
    tiles.push([
      "Products topic",
      feed.waiting === 0 ? "up to date" : `${count(feed.waiting)} waiting`,
      `${count(feed.hidden)} hidden, ${count(feed.retired)} retired`,
    ]);
  }
  showItems(
    byId("tiles"),
    tiles,
    ([name]) => name,
    ([name]) => el("div.tile", {}, el("dt", {}, name), el("dd", {}), el("dd.aside", {})),
    (element, [, figure, more]) => {
      setText(element.children[1], figure);
      setText(element.children[2], more);
    },
  );
}

function showCharts() {
  charts ??= makeCharts();
  const times = batches.map((batch) => Date.parse(batch.started_at));
  charts.throughput.show(times, [batches.map((batch, i) => arrivals(batch, batches[i - 1]))]);
  charts.latency.show(
    times,
    ["p50", "p95", "p99"].map((p) =>
      batches.map((batch) => (batch.stored > 0 ? batch.latency_ms[p] : null)),
    ),
  );
  charts.duration.show(
    times,
    ["parse", "embed", "store"].map((phase) => batches.map((batch) => batch.phases_ms[phase])),
  );
}

/** Returns the records a second that came from the start of the batch before to that of this one. */
function arrivals(batch, before) {
  const from = before ? Date.parse(before.started_at) : Date.parse(batch.started_at) - batch.duration_ms;
  return (batch.records * 1000) / Math.max(1, Date.parse(batch.started_at) - from);
}

function makeCharts() {
  return {
    throughput: new Chart(byId("throughput-chart"), {
      title: "Throughput, events a second",
      kind: "lines",
      text: rate,
      series: [{ label: "from batch to batch", color: "--c1" }],
    }),
    latency: new Chart(byId("latency-chart"), {
      title: "Latency, from an event's time to its storage",
      kind: "lines",
      text: duration,
      series: [
        { label: "p50", color: "--c1" },
        { label: "p95", color: "--c2", dash: [7, 4] },
        { label: "p99", color: "--c3", dash: [2, 3] },
      ],
    }),
    duration: new Chart(byId("duration-chart"), {
      title: "Time a batch takes",
      kind: "bars",
      text: duration,
      series: [
        { label: "parse", color: "--c3" },
        { label: "embed", color: "--c2" },
        { label: "store", color: "--c1" },
      ],
    }),
  };
}

/** Only while it is open: nobody sees the other rows change. */
function showTable() {
  const details = byId("batches");
  if (!details.open) {
    return;
  }
  const rows = batches
    .slice(-TABLE_ROWS)
    .reverse()
    .map((batch) => [
      count(batch.id),
      time(batch.started_at),
      count(batch.records),
      count(batch.stored),
      count(batch.duplicates),
      count(batch.dead_lettered),
      count(batch.waiting),
      duration(batch.phases_ms.parse),
      duration(batch.phases_ms.embed),
      duration(batch.phases_ms.store),
      duration(batch.duration_ms),
      batch.stored > 0 ? duration(batch.latency_ms.p50) : "",
      batch.stored > 0 ? duration(batch.latency_ms.p99) : "",
    ]);
  const headings = ["Batch", "Began", "Records", "Stored", "Duplicates", "Dead letters", "Left"];
  headings.push("Parse", "Embed", "Store", "In all", "p50", "p99");
  details.querySelector(".scroll").replaceChildren(table("The last batches", headings, rows));
}
