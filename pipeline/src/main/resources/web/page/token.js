import { byId, setText } from "./dom.js";

/**
 * Asks the user, until they give one. Closed without one, the dialog comes back when the user
 * wants it to: the banner has a button for it.
 *
 * @param {string} why it is asked for, in a sentence
 * @returns {Promise<string>}
 */
export function askForToken(why) {
  const dialog = byId("token");
  const form = byId("token-form");
  const text = byId("token-text");
  const later = byId("token-later");
  setText(byId("token-why"), why);
  text.value = "";
  later.hidden = true;
  return new Promise((resolve) => {
    const over = new AbortController();
    const listen = (target, type, action) =>
      target.addEventListener(type, action, { signal: over.signal });
    listen(form, "submit", (event) => {
      event.preventDefault();
      over.abort();
      later.hidden = true;
      dialog.close();
      resolve(text.value.trim());
    });
    listen(byId("token-cancel"), "click", () => dialog.close());
    listen(dialog, "close", () => {
      later.hidden = false;
    });
    listen(byId("token-again"), "click", () => {
      later.hidden = true;
      dialog.showModal();
    });
    dialog.showModal();
  });
}
