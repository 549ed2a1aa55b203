import { ask } from "./api.js";
import { Chart } from "./charts.js";
import { byId, el, setText, showItems, table } from "./dom.js";
import { count, done, events, freshness, minute, money, percent, score } from "./format.js";
import { productItem, productLink, rememberCategory, userLink } from "./links.js";
import { pollSection } from "./poll.js";
import { setTimeAgo, timeAgo } from "./times.js";

/** Shows which products are in most demand. */
export function showTrending() {
  pollSection("trending", 5000, async () => {
    const { products, fresh } = await ask("/stats/trending", { query: { limit: 10 } });
    setText(byId("trending-aside"), aside("demand, fading by the hour", fresh));
    products.forEach(({ product }) => rememberCategory(product.category));
    showItems(
      byId("trending-products"),
      products,
      ({ product }) => `${product.id} ${product.name}`,
      ({ product }) => productItem(product, "", "Demand"),
      (element, { score: demand }) =>
        setText(element.querySelector(".score").lastChild, score(demand)),
    );
    return products.length === 0 ? "No events yet." : "";
  });
}

function aside(text, fresh) {
  return [text, freshness(fresh)].filter((part) => part !== "").join("; ");
}

/** Shows the newest events, and goes on as they come. */
export function showEvents() {
  pollSection("events", 2000, async () => {
    const { events: newest } = await ask("/events", { query: { limit: 20 } });
    newest.forEach(({ product }) => rememberCategory(product?.category));
    showItems(
      byId("events-list"),
      newest,
      (event) => event.event_id,
      eventItem,
      (element, event) => setTimeAgo(element.querySelector("time"), event.timestamp),
    );
    setText(byId("events-aside"), newest.length === 0 ? "" : `the latest ${newest.length}`);
    return newest.length === 0 ? "No events yet." : "";
  });
}

function eventItem(event) {
  return el(
    `li.${event.event_type}`,
    {},
    timeAgo(event.timestamp),
    el(
      "span",
      {},
      userLink(event.user_id),
      ` ${done(event.event_type)} `,
      event.product ? productLink(event.product) : null,
      event.search_query ? `${event.product ? " for " : ""}“${event.search_query}”` : null,
    ),
    el("span.price", {}, amount(event)),
  );
}

function amount(event) {
  if (event.event_type === "purchase" && event.total_amount !== undefined) {
    return money(event.total_amount);
  }
  return event.product ? money(event.product.price) : "";
}

let minutes = [];
let minutesChart = null;

/** Shows how far shoppers came in the last hour, and what happened minute by minute. */
export function showFunnel() {
  byId("minutes").addEventListener("toggle", showMinutes);
  pollSection("funnel", 5000, async () => {
    const funnel = await ask("/stats/funnel", { query: { window: "1h" } });
    const total = Object.values(funnel.counts).reduce((sum, number) => sum + number, 0);
    byId("funnel-body").hidden = total === 0;
    setText(
      byId("funnel-aside"),
      aside(`the last hour, revenue ${money(funnel.revenue)}`, funnel.fresh),
    );
    if (total > 0) {
      showSteps(funnel.steps);
      minutes = funnel.minutes;
      showMinutesChart();
      showMinutes();
    }
    return total === 0 ? "No events in the last hour." : "";
  });
}

function showSteps(steps) {
  const first = steps[0].count;
  showItems(
    byId("funnel-steps"),
    steps,
    (step) => step.event_type,
    (step) =>
      el(
        "tr",
        {},
        el("th", { scope: "row" }, events(step.event_type)),
        el("td.number"),
        el("td.number"),
      ),
    (row, step) => {
      const share = first > 0 ? Math.min(1, step.count / first) : 0;
      row.style.setProperty("--share", `${(share * 100).toFixed(1)}%`);
      setText(row.children[1], count(step.count));
      setText(
        row.children[2],
        step.of_previous === null || step.of_previous === undefined
          ? "–"
          : percent(step.of_previous),
      );
    },
  );
}

const KINDS = [
  ["purchases", (counts) => counts.purchase ?? 0],
  ["carts", (counts) => counts.add_to_cart ?? 0],
  ["views", (counts) => counts.view ?? 0],
  [
    "others",
    ({ purchase, add_to_cart: cart, view, ...others }) =>
      Object.values(others).reduce((sum, number) => sum + number, 0),
  ],
];

function showMinutesChart() {
  minutesChart ??= new Chart(byId("minutes-chart"), {
    title: "Events a minute",
    kind: "bars",
    text: count,
    series: KINDS.map(([label], i) => ({ label, color: `--c${i + 1}` })),
  });
  minutesChart.show(
    minutes.map((each) => Date.parse(each.minute)),
    KINDS.map(([, of]) => minutes.map((each) => of(each.counts))),
  );
}

function showMinutes() {
  const details = byId("minutes");
  if (!details.open) {
    return;
  }
  const rows = minutes
    .slice(-15)
    .reverse()
    .map((each) => [
      minute(each.minute),
      ...KINDS.map(([, of]) => count(of(each.counts))),
      money(each.revenue),
    ]);
  const headings = ["Minute", "Purchases", "Carts", "Views", "Others", "Revenue"];
  details.querySelector(".scroll").replaceChildren(table("Events by the minute", headings, rows));
}
