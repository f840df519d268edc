/**
 * Talking with the service: no cookies, ten seconds, and a cause in words a webmaster can act on.
 * @typedef {import("./outcome.js").Outcome} Outcome
 */
import { outcomeOf } from "./outcome.js";

const PATIENCE_MS = 10000;

/** Reads under way by address: several embeds on a page ask once. @type {Record<string, Promise<any>>} */
const underWay = {};

/** Names the directive when the page's policy is what stops us. @param {SecurityPolicyViolationEvent} event */
function explainBlock(event) {
  console.warn(
    `patient-stories: this page's Content-Security-Policy blocks ${event.blockedURI}. ` +
      `Add that host to its ${event.effectiveDirective} directive.`,
  );
}

/**
 * One request, aborted after ten seconds.
 * @param {string} url
 * @param {RequestInit} [init]
 */
async function request(url, init) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), PATIENCE_MS);
  /** @param {SecurityPolicyViolationEvent} event */
  const onBlock = (event) => {
    if (event.effectiveDirective === "connect-src" && url.indexOf(event.blockedURI) === 0)
      explainBlock(event);
  };
  document.addEventListener("securitypolicyviolation", onBlock);
  try {
    const response = await fetch(url, { ...init, credentials: "omit", signal: controller.signal });
    /** @type {any} */
    const body = await response.json().catch(() => null);
    return { response, body };
  } finally {
    clearTimeout(timer);
    // The violation is reported in a task of its own, after the refusal.
    setTimeout(() => document.removeEventListener("securitypolicyviolation", onBlock), 1000);
  }
}

/**
 * The body of an answer.
 * @param {Promise<{ response: Response, body: any }>} asking
 * @returns {Promise<any>} rejected when there is no answer, or a problem (then `problem` and `status` say which, and
 *   the message what to do, where the service said it)
 */
const answered = (asking) =>
  asking.then(({ response, body }) => {
    if (response.ok && body) return body;
    /** @type {import("./outcome.js").Problem} */
    const { type: problem = "", detail = "", errors = {} } = body || {};
    let message = detail;
    for (const field of Object.keys(errors)) message += ` ${errors[field].join(" ")}`;
    throw Object.assign(new Error(message.trim()), { problem, status: response.status });
  });

/**
 * Reads JSON.
 * @param {string} url
 */
export function read(url) {
  const again = underWay[url];
  if (again) return again;
  const reading = answered(request(url));
  underWay[url] = reading;
  const forget = () => {
    delete underWay[url];
  };
  reading.then(forget, forget);
  return reading;
}

/**
 * Sends a form-encoded body (as `send`) and reads the answer (as `read`).
 * @param {string} url
 * @param {URLSearchParams} body
 */
export const post = (url, body) => answered(request(url, { method: "POST", body }));

/** What is read once for all embeds of the page: words, rules, pictures. @type {Record<string, Promise<any>>} */
const kept = {};

/**
 * Reads JSON that does not change while the page stands; a failure is forgotten, so it may be asked for again.
 * @param {string} url
 * @returns {Promise<any>}
 */
export function readOnce(url) {
  if (!kept[url]) {
    kept[url] = read(url);
    kept[url].catch(() => delete kept[url]);
  }
  return kept[url];
}

/**
 * Sends a form-encoded body (a "simple" request: no preflight).
 * @param {string} url
 * @param {URLSearchParams} body
 * @returns {Promise<Outcome>} never rejected
 */
export async function send(url, body) {
  try {
    const { response, body: answer } = await request(url, { method: "POST", body });
    return outcomeOf(response.status, response.headers.get("Retry-After"), answer, Date.now());
  } catch {
    return { kind: "lost", status: 0 };
  }
}
