import { ask, Refused } from "./api.js";
import { byId, el, setText } from "./dom.js";
import { byOrder, count, duration, events, freshness, money, score, words } from "./format.js";
import { productItem, productLink } from "./links.js";
import { reason } from "./poll.js";
import { timeAgo } from "./times.js";

const RECOMMENDED = 8;
const ADDRESS = /^#\/(products|users|dead-letters)\/(.+)$/;

const strategies = {
  similar: "Products like this one",
  interest: "Recommended, by what this user did",
  trending: "In demand now, as this user is new",
  together: "Bought together with it",
};

const figures = { trending: "Demand", together: "Users" };

let underWay = null;
let openedFrom = null;
let openedIn = null;

/** Shows the product, user or dead letters that the address names, now and whenever it changes. */
export function followAddress() {
  const panel = byId("panel");
  addEventListener("hashchange", follow);
  byId("panel-close").addEventListener("click", () => panel.close());
  panel.addEventListener("click", (event) => {
    // Beside the panel, which fills its dialog.
    if (event.target === panel) {
      panel.close();
    }
  });
  panel.addEventListener("close", () => {
    underWay?.abort();
    if (ADDRESS.test(location.hash)) {
      history.pushState(null, "", location.pathname + location.search);
    }
    giveFocusBack();
  });
  follow();
}

function follow() {
  const panel = byId("panel");
  const [, kind, id] = ADDRESS.exec(location.hash) ?? [];
  if (!kind) {
    panel.close();
    return;
  }
  if (!panel.open) {
    openedFrom = document.activeElement;
    openedIn = openedFrom?.closest("section")?.id ?? "find";
    panel.showModal();
  }
  panel.scrollTop = 0;
  show(kind, decoded(id));
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Gives the focus back to the element that opened the panel, or to its section if that is gone. */
function giveFocusBack() {
  const place = openedFrom?.isConnected ? openedFrom : byId(`${openedIn}-heading`);
  if (place !== document.body) {
    place.focus();
  }
}

async function show(kind, id) {
  underWay?.abort();
  underWay = new AbortController();
  const { signal } = underWay;
  const body = byId("panel-body");
  const heading = byId("panel-heading");
  setText(heading, kind === "dead-letters" ? words(id) : id);
  body.replaceChildren(el("p.note", {}, "Loading"));
  heading.focus();
  try {
    const parts = await views[kind](id, signal);
    if (!signal.aborted) {
      body.replaceChildren(...parts);
    }
  } catch (error) {
    if (!signal.aborted) {
      body.replaceChildren(el("p.note.error", {}, reason(error)));
    }
  }
}

const views = { products: product, users: user, "dead-letters": deadLetters };

async function product(id, signal) {
  const [known, recommended, together] = await Promise.all([
    ask(`/products/${encodeURIComponent(id)}`, { signal }),
    recommendations(`products/${encodeURIComponent(id)}`, {}, signal),
    recommendations("together", { products: id }, signal),
  ]);
  const { name, description, category, price } = known.product;
  setText(byId("panel-heading"), name || id);
  return [
    el("p.facts", {}, category ? el("span.category", {}, category) : null, el("b", {}, money(price))),
    description ? el("p.description", {}, description) : null,
    facts([
      ["Id", el("code", {}, id)],
      ...counts(known.counts),
      ["Revenue", money(known.revenue)],
      ["First seen", known.first_seen ? timeAgo(known.first_seen) : null],
      ["Last seen", known.last_seen ? timeAgo(known.last_seen) : null],
      ["Embedding", embedding(known)],
      ["Products topic", known.listing ?? null],
    ]),
    ...recommended,
    ...together,
  ].filter((part) => part !== null);
}

function embedding(known) {
  if (known.embedding_error) {
    return `failed: ${known.embedding_error}`;
  }
  if (known.embedding_pending) {
    return known.has_embedding ? "of an earlier text; the latest waits" : "waits for its turn";
  }
  return known.has_embedding ? (known.model?.replace(/@[^@]*$/, "") ?? "there") : "none";
}

async function user(id, signal) {
  const [known, recommended] = await Promise.all([
    ask(`/users/${encodeURIComponent(id)}`, { signal }).catch((error) => {
      if (error instanceof Refused && error.status === 404) {
        return null;
      }
      throw error;
    }),
    recommendations(`users/${encodeURIComponent(id)}`, {}, signal),
  ]);
  if (known === null) {
    return [el("p.note", {}, "This user has not been seen."), ...recommended];
  }
  return [
    facts([
      ...counts(known.counts),
      ["First seen", known.first_seen ? timeAgo(known.first_seen) : null],
      ["Last seen", known.last_seen ? timeAgo(known.last_seen) : null],
      ["Fresh", freshness(known.fresh) || null],
    ]),
    ...recommended,
    ...(await lastProducts(known.last_products ?? [], signal)),
  ];
}

/** A user's point has the ids alone: their names are asked for. */
async function lastProducts(touched, signal) {
  if (touched.length === 0) {
    return [];
  }
  const named = await Promise.all(
    touched.map(async (each) => {
      const id = each.product_id ?? each.product.id;
      const found =
        each.product ??
        (await ask(`/products/${encodeURIComponent(id)}`, { signal }).then(
          (known) => known.product,
          () => ({ id, name: id }),
        ));
      return { found, at: each.at };
    }),
  );
  return [
    el("h3", {}, "Last products"),
    el(
      "ul.last",
      {},
      ...named.map(({ found, at }) => el("li", {}, productLink(found), at ? timeAgo(at) : null)),
    ),
  ];
}

/** A list of them, or why there is none: the rest of the panel is shown all the same. */
async function recommendations(path, query, signal) {
  try {
    const { strategy, results, fresh } = await ask(`/recommendations/${path}`, {
      query: { ...query, limit: RECOMMENDED },
      signal,
    });
    return [
      el("h3", {}, strategies[strategy] ?? words(strategy)),
      results.length === 0
        ? el("p.note", {}, "None yet.")
        : el(
            "ol.products",
            { id: strategy === "together" ? "together" : "recommended" },
            ...results.map((hit) =>
              productItem(hit.product, score(hit.score), figures[strategy] ?? "Score", hit.because),
            ),
          ),
      freshness(fresh) ? el("p.note", {}, `${freshness(fresh)}.`) : null,
    ].filter((part) => part !== null);
  } catch (error) {
    if (signal.aborted) {
      throw error;
    }
    return [el("h3", {}, "Recommendations"), el("p.note.error", {}, reason(error))];
  }
}

const counts = (byType) =>
  Object.entries(byType ?? {})
    .filter(([, number]) => number > 0)
    .sort(([one], [other]) => byOrder(one, other))
    .map(([type, number]) => [events(type), count(number)]);

function facts(pairs) {
  return el(
    "dl.facts",
    {},
    ...pairs
      .filter(([, value]) => value !== null)
      .flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]),
  );
}

async function deadLetters(code, signal) {
  const started = Date.now();
  const { matching, replayed, records } = await ask("/dead-letters", {
    query: { reason: code, limit: 20 },
    signal,
  });
  const summary =
    `${count(matching)} in the topic` +
    (replayed > 0 ? `, ${count(replayed)} of them replayed` : "") +
    `; the newest ${records.length} are below. Read in ${duration(Date.now() - started)}.`;
  return [
    el("p.note", {}, summary),
    el("ol.letters", {}, ...records.map(letter)),
  ];
}

function letter(record) {
  const place = [record.topic, record.partition, record.offset].filter((part) => part !== undefined);
  return el(
    "li",
    {},
    el(
      "p",
      {},
      el("b", {}, record.detail ?? "It does not say why."),
      " ",
      record.failed_at ? timeAgo(record.failed_at) : null,
      record.replayed_at ? " replayed" : null,
    ),
    el("p.aside", {}, place.join(" / ")),
    record.value
      ? el("pre", { tabindex: 0, "aria-label": "The record" }, record.value.content)
      : el("p.aside", {}, "no value"),
  );
}
