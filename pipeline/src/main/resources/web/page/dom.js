/**
 * Builds an element. Strings become text, never markup: what events say is not to be trusted.
 *
 * @param {string} name the tag, with classes after dots: "li.new"
 * @param {object} attributes an attribute of null, undefined or false is left out
 * @param {...(Node|string|number|null)} children null is left out
 */
export function el(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  element.classList.add(...classes);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(attribute, value === true ? "" : value);
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** The element with that id. */
export const byId = (id) => document.getElementById(id);

/** Changes the text only where it differs, so that a screen reader hears of changes alone. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Shows a note in place of what is not there, or, without a text, none. */
export function setNote(element, text = "", isError = false) {
  setText(element, text);
  element.classList.toggle("error", isError);
  element.hidden = text === "" && element.getAttribute("role") !== "status";
}

/**
 * Makes a list show these items. An element whose item is there again stays the same one, so that
 * the focus stays on it; one that is new gets the class "new" unless all of them are.
 *
 * @param {Element} list
 * @param {Array} items
 * @param {function} keyOf a text that no other item has
 * @param {function} create makes an item's element
 * @param {function} update puts an item's figures into its element; called for new ones, too
 */
export function showItems(list, items, keyOf, create, update = () => {}) {
  const before = new Map([...list.children].map((child) => [child.dataset.key, child]));
  const isFirst = before.size === 0;
  const shown = items.map((item) => {
    const key = keyOf(item);
    let element = before.get(key);
    if (!element) {
      element = create(item);
      element.dataset.key = key;
      element.classList.toggle("new", !isFirst);
    }
    before.delete(key);
    update(element, item);
    return element;
  });
  before.forEach((element) => element.remove());
  shown.forEach((element, place) => {
    // To move an element takes the focus from it: only those out of place are moved.
    if (list.children[place] !== element) {
      list.insertBefore(element, list.children[place] ?? null);
    }
  });
}

/**
 * A table with a caption for screen readers.
 *
 * @param {string} caption
 * @param {string[]} headings
 * @param {Array<Array<string|Node>>} rows the first cell of each is its heading
 */
export function table(caption, headings, rows) {
  return el(
    "table.figures",
    {},
    el("caption.unseen", {}, caption),
    el("thead", {}, el("tr", {}, ...headings.map((text) => el("th", { scope: "col" }, text)))),
    el(
      "tbody",
      {},
      ...rows.map(([first, ...rest]) =>
        el("tr", {}, el("th", { scope: "row" }, first), ...rest.map((cell) => el("td", {}, cell))),
      ),
    ),
  );
}
