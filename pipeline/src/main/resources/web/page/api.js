import { askForToken } from "./token.js";

const LONGEST = 15_000;
const KEY = "vectorstream.token";
const NEEDED =
  "This server shows its figures to those who have the token of its setting http.read_token or http.token.";
const WRONG =
  "The token was refused. Expected is the one of the server's setting http.read_token or http.token.";

/** The server did not do what it was asked; the message says why, in a sentence. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {object} problem as RFC 9457 has it
   */
  constructor(status, problem) {
    const wrong = (problem.errors ?? []).map((error) => `${words(error.parameter)} ${error.detail}`);
    super(wrong.join("; ") || problem.detail || problem.title || `status ${status}`);
    this.status = status;
  }
}

/** The server was not reached, or took too long. */
export class Unreachable extends Error {}

const words = (parameter) => parameter.replaceAll("_", " ");

/** Tells listeners "lost" and "found". */
export const connection = new EventTarget();

/** Null until it is asked for. */
let token = sessionStorage.getItem(KEY);
let asking = null;

/**
 * Asks the API, and for the token where that is missing.
 *
 * @param {string} path from the root
 * @param {object} query parameters; empty ones are left out
 * @param {AbortSignal} signal ends it early
 * @param {number[]} alsoFine statuses that come with an answer, too
 * @returns the JSON of the answer
 * @throws {Refused|Unreachable|DOMException} the last when the signal said so
 */
export async function ask(path, { query = {}, signal = null, alsoFine = [] } = {}) {
  if (asking) {
    await asking;
  }
  const shown = token;
  const response = await send(path + queryString(query), shown, signal);
  if (response.status === 401) {
    // Another request may have led to a new one in the meantime.
    if (token === shown) {
      await renewToken(shown === null ? NEEDED : WRONG);
    }
    return ask(path, { query, signal, alsoFine });
  }
  const answer = await json(response, signal);
  if (!response.ok && !alsoFine.includes(response.status)) {
    throw new Refused(response.status, answer);
  }
  return answer;
}

function queryString(query) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== "");
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}

async function send(url, shown, signal) {
  const headers = shown === null ? {} : { Authorization: `Bearer ${shown}` };
  return reaching(signal, (either) =>
    fetch(url, { headers, signal: either, cache: "no-store", credentials: "omit" }),
  );
}

/** An answer without JSON comes from something between here and the server. */
async function json(response, signal) {
  const text = await reaching(signal, () => response.text());
  try {
    return JSON.parse(text);
  } catch {
    return { title: `the server answered with status ${response.status}, and not in JSON` };
  }
}

async function reaching(signal, work) {
  const late = AbortSignal.timeout(LONGEST);
  try {
    const result = await work(signal ? AbortSignal.any([signal, late]) : late);
    connection.dispatchEvent(new Event("found"));
    return result;
  } catch (error) {
    if (signal?.aborted) {
      throw error;
    }
    connection.dispatchEvent(new Event("lost"));
    throw new Unreachable(
      late.aborted ? "The server takes too long to answer." : "The server cannot be reached.",
    );
  }
}

/** Once for all who find that they need it. */
async function renewToken(why) {
  asking ??= untilRight(why).finally(() => {
    asking = null;
  });
  await asking;
}

/** Tries each token once: the server answers ever more slowly to wrong ones. */
async function untilRight(why) {
  for (;;) {
    const given = await askForToken(why);
    const refusal = await refusalOf(given);
    if (refusal === null) {
      token = given;
      sessionStorage.setItem(KEY, given);
      return;
    }
    why = refusal;
  }
}

/** The reason why the server refuses a token, in a sentence; null if it does not, or cannot be asked. */
async function refusalOf(given) {
  try {
    const response = await send("/health/live", given, null);
    if (response.status === 401) {
      return WRONG;
    }
    return response.status === 429 ? (await json(response, null)).detail : null;
  } catch {
    return null;
  }
}
