import { el } from "./dom.js";
import { money } from "./format.js";

/** The address of the panel of a product, a user, or the dead letters of a reason. */
export const address = (kind, id) => `#/${kind}/${encodeURIComponent(id)}`;

export const productLink = (product) =>
  el("a.name", { href: address("products", product.id) }, product.name || product.id);

export const userLink = (userId) => el("a.user", { href: address("users", userId) }, userId);

const doneWithBoth = { seen: "Often seen with", carted: "Often in a cart with", bought: "Often bought with" };

/**
 * A product in a list: its name, its category and price, a figure, and another product that it goes
 * with, if there is one.
 */
export function productItem(product, figure, meaning, because) {
  return el(
    "li",
    {},
    productLink(product),
    el(
      "span.facts",
      {},
      product.category ? el("span.category", {}, product.category) : null,
      el("span.price", {}, money(product.price)),
    ),
    because
      ? el(
          "span.because",
          {},
          `${doneWithBoth[because.engagement]} `,
          productLink({ id: because.product_id, name: because.name }),
        )
      : null,
    figure === null
      ? null
      : el("span.score", { title: meaning }, el("span.unseen", {}, `${meaning} `), figure),
  );
}

const categories = new Set();

/** Offers a category, and each that it lies in, to the search. */
export function rememberCategory(category) {
  if (category && !categories.has(category) && categories.size < 200) {
    categories.add(category);
    document.getElementById("categories").append(el("option", { value: category }));
  }
}
