/**
 * Where the service is and which version this file is. The service bakes both in when it serves the file; the address
 * the script was loaded from is preferred where it is plainly the service's own (/v1/stories.js, /1.4.2/stories.js),
 * so one service answers under several names, and a copy kept elsewhere still finds home.
 */
const BAKED = "__TELLBACK_ORIGIN__";

export const VERSION = "__TELLBACK_VERSION__";

/** The running script; null under optimisers that run it later. */
export const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);

const own = /^(https?:.*)\/(v\d+|\d[\w.+-]*)\/stories\.js([?#]|$)/.exec((script && script.src) || "");

/** Address of the service, without a slash at its end; "" when nobody said. */
export const base = own ? own[1] : /^https?:/.test(BAKED) ? BAKED : "";
