import { ask } from "./api.js";
import { byId, setNote } from "./dom.js";
import { duration, score } from "./format.js";
import { productItem, rememberCategory } from "./links.js";
import { reason } from "./poll.js";

/** The model that comes with the program. */
const BUNDLED = "all-MiniLM-L6-v2";

let underWay = null;

/** Lets the search box search. */
export function startSearch() {
  const form = byId("search");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search(Object.fromEntries(new FormData(form)));
  });
  form.querySelector(".filters").addEventListener("change", () => {
    if (byId("search-results").children.length > 0 && form.checkValidity()) {
      search(Object.fromEntries(new FormData(form)));
    }
  });
}

async function search(query) {
  underWay?.abort();
  underWay = new AbortController();
  const { signal } = underWay;
  const note = byId("search-note");
  const list = byId("search-results");
  setNote(note, "Searching");
  try {
    const { results, took_ms: took, model } = await ask("/search", {
      query: { ...query, limit: 10 },
      signal,
    });
    results.forEach(({ product }) => rememberCategory(product.category));
    list.replaceChildren(
      ...results.map((hit) => productItem(hit.product, score(hit.score), "Score")),
    );
    const found =
      results.length === 0
        ? "Nothing found. Fewer filters may help; a new product is found once it is embedded."
        : `${results.length} ${results.length === 1 ? "product" : "products"} in ${duration(took)}.`;
    setNote(note, model === BUNDLED ? `${found} The model ${BUNDLED} knows English only.` : found);
  } catch (error) {
    if (!signal.aborted) {
      list.replaceChildren();
      setNote(note, reason(error), true);
    }
  }
}
