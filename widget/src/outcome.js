/**
 * What an answer of the service means for the person who sends a story. Pure.
 * @typedef {object} Problem RFC 9457, as the service words it for people
 * @property {string} [type]
 * @property {string} [detail]
 * @property {Record<string, string[]>} [errors]
 * @property {number} [retry_after] seconds
 * @property {import("./proof.js").Challenge} [challenge]
 *
 * @typedef {{ size: number, path: string }} Code of the private link: how wide, and its lines
 * @typedef {{ kind: "kept", link: string, qr?: Code, changed: string[] }} Kept on the service's disk
 * @typedef {{ kind: "wait", seconds: number, detail: string, status: number }} Wait not kept; welcome later
 * @typedef {{ kind: "refused", status: number, type: string, detail: string, errors: Record<string, string[]> }} Refused
 * @typedef {Omit<Refused, "kind"> & { kind: "prove", challenge: import("./proof.js").Challenge }} Prove welcome with a proof of work
 * @typedef {{ kind: "lost", status: number }} Lost nobody knows whether it was kept: the same key may be sent again
 * @typedef {Kept | Wait | Prove | Refused | Lost} Outcome
 */

/** Seconds to wait where the service names none. */
const PATIENCE = 20;

/** Tries after which only the person sends again. */
const TRIES = 5;

/**
 * Seconds of a Retry-After header: a count, or a date.
 * @param {string | null} header
 * @param {number} now milliseconds
 */
export function secondsOf(header, now) {
  const seconds = /^\d+$/.test(header || "")
    ? Number(header)
    : Math.ceil((Date.parse(header || "") - now) / 1000);
  return seconds > 0 ? seconds : PATIENCE;
}

/**
 * The outcome of an answered send.
 * @param {number} status
 * @param {string | null} retryAfter the header
 * @param {any} body parsed JSON, or null
 * @param {number} now milliseconds
 * @returns {Outcome}
 */
export function outcomeOf(status, retryAfter, body, now) {
  if (status >= 200 && status < 300 && body && body.private_link)
    return { kind: "kept", link: body.private_link, qr: body.qr, changed: body.changed || [] };
  /** @type {Problem} */
  const { type = "", detail = "", errors = {}, retry_after: named = 0, challenge } = body || {};
  if (status === 429 || status === 503) {
    return {
      kind: "wait",
      status,
      detail,
      seconds: named > 0 ? Math.ceil(named) : secondsOf(retryAfter, now),
    };
  }
  if (status >= 400 && status < 500 && status !== 408) {
    const refused = { status, detail, errors, type: type.slice(type.lastIndexOf("/") + 1) };
    return challenge ? { ...refused, kind: "prove", challenge } : { ...refused, kind: "refused" };
  }
  return { kind: "lost", status };
}

/**
 * Seconds until the form sends again by itself; 0 leaves it to the person. Each time in a row it waits longer, and a
 * little by chance: a ward that was told the same second does not send in the same second.
 * @param {Outcome} outcome
 * @param {number} tries made so far
 * @param {number} [chance] from 0 to 1
 */
export function retryIn(outcome, tries, chance = Math.random()) {
  const { kind } = outcome;
  if (tries >= TRIES || (kind !== "wait" && kind !== "lost")) return 0;
  const longer = PATIENCE * 2 ** (tries - 1);
  if (kind === "lost") return longer;
  const least = tries > 1 ? Math.max(outcome.seconds, longer / 2) : outcome.seconds;
  return Math.ceil(least + chance * Math.min(60, least / 10));
}
