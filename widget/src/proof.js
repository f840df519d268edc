/**
 * The proof of work that the service asks for while very much arrives (ALTCHA's protocol, version 2): which number makes
 * a key that begins as the challenge says? The browser's own code tries them, beside the page, as many at a time as it
 * has cores; a page that was not fetched safely has none of that, so there it is done here, in slices of some
 * milliseconds. A file of its own: hardly anybody ever needs it.
 * @typedef {{ nonce: string, salt: string, cost: number, keyPrefix: string, data: { many: number } }} Parameters
 * @typedef {{ parameters: Parameters, signature: string }} Challenge
 */

/** Numbers handed over at once: more than a phone has cores, fewer than would keep it from stopping. */
const AT_ONCE = 8;

/** Milliseconds of work by hand before the page may do something else. */
const SLICE = 8;

/** When the page last did something else: a fast machine is through with many a number before a slice is over. */
let since = 0;

/** @param {string} hex */
function bytesOf(hex) {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(hex.substr(2 * i, 2), 16);
  return bytes;
}

/** @param {Uint8Array} bytes */
function hexOf(bytes) {
  let hex = "";
  for (const byte of bytes) hex += (byte < 16 ? "0" : "") + byte.toString(16);
  return hex;
}

/**
 * JSON of plain objects, numbers, and texts without quotes: pages with Prototype.js break JSON.stringify.
 * @param {any} value
 * @returns {string}
 */
function jsonOf(value) {
  if (typeof value !== "object") return typeof value === "string" ? `"${value}"` : `${value}`;
  let members = "";
  for (const name of Object.keys(value))
    members += `${members ? "," : ""}"${name}":${jsonOf(value[name])}`;
  return `{${members}}`;
}

/** SHA-256's constants: the first 32 bits of the fractions of the primes' roots (FIPS 180-4, 4.2.2 and 5.3.3). */
const ROUNDS = new Int32Array(64);
const START = new Int32Array(8);
for (let prime = 2, found = 0; found < 64; prime++) {
  let by = 2;
  while (prime % by) by++;
  if (by < prime) continue;
  if (found < 8) START[found] = (prime ** 0.5 % 1) * 2 ** 32;
  ROUNDS[found++] = (prime ** (1 / 3) % 1) * 2 ** 32;
}

const words = new Int32Array(64);

/**
 * One block of SHA-256 (FIPS 180-4, 6.2.2): its sixteen words stand in `words`.
 * @param {Int32Array} from the state before
 * @param {Int32Array} to the state after
 */
function compress(from, to) {
  for (let i = 16; i < 64; i++) {
    const x = words[i - 15];
    const y = words[i - 2];
    words[i] =
      words[i - 16] +
      words[i - 7] +
      (((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)) +
      (((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10));
  }
  // Taken one by one: an array's pattern goes by its iterator, which takes a third of the time.
  let a = from[0];
  let b = from[1];
  let c = from[2];
  let d = from[3];
  let e = from[4];
  let f = from[5];
  let g = from[6];
  let h = from[7];
  for (let i = 0; i < 64; i++) {
    const s =
      (h +
        (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))) +
        ((e & f) ^ (~e & g)) +
        ROUNDS[i] +
        words[i]) |
      0;
    const t =
      (((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))) +
      ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = (d + s) | 0;
    d = c;
    c = b;
    b = a;
    a = (s + t) | 0;
  }
  to[0] = from[0] + a;
  to[1] = from[1] + b;
  to[2] = from[2] + c;
  to[3] = from[3] + d;
  to[4] = from[4] + e;
  to[5] = from[5] + f;
  to[6] = from[6] + g;
  to[7] = from[7] + h;
}

/** Puts the end of a message that is 64 bytes and `length` more. @param {number} length */
function end(length) {
  words.fill(0, length / 4, 16);
  words[length / 4] = 1 << 31;
  words[15] = (64 + length) * 8;
}

/**
 * PBKDF2 by HMAC-SHA-256 (RFC 8018), 32 bytes of it, in slices.
 * @param {Uint8Array} password up to 64 bytes, by fours, as is the salt
 * @param {Uint8Array} salt
 * @param {number} cost
 */
async function deriveByHand(password, salt, cost) {
  const state = () => new Int32Array(8);
  /** @param {Uint8Array} bytes @param {number} flip */
  const load = (bytes, flip) => {
    words.fill(flip * 0x1010101, 0, 16);
    for (let i = 0; i < bytes.length; i++) words[i >> 2] ^= bytes[i] << (24 - 8 * (i & 3));
  };
  const [inner, outer, turn, sum] = [state(), state(), state(), state()];
  load(password, 0x36);
  compress(START, inner);
  load(password, 0x5c);
  compress(START, outer);
  load(salt, 0);
  words[salt.length / 4] = 1;
  end(salt.length + 4);
  compress(inner, turn);
  for (let i = 1; ; i++) {
    words.set(turn);
    end(32);
    compress(outer, turn);
    for (let at = 0; at < 8; at++) sum[at] ^= turn[at];
    if (i === cost) break;
    words.set(turn);
    end(32);
    compress(inner, turn);
    if (!(i & 63) && performance.now() - since > SLICE) {
      await new Promise((done) => setTimeout(done));
      since = performance.now();
    }
  }
  const bytes = new Uint8Array(32);
  for (let i = 0; i < 32; i++) bytes[i] = sum[i >> 2] >>> (24 - 8 * (i & 3));
  return bytes;
}

/**
 * The same by the browser.
 * @param {Uint8Array<ArrayBuffer>} password
 * @param {Uint8Array<ArrayBuffer>} salt
 * @param {number} iterations
 */
async function derive(password, salt, iterations) {
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, 256));
}

/**
 * Solves a challenge.
 * @param {Challenge} challenge
 * @param {(seconds: number) => void} foresee called once, with how long it takes rather than not
 * @param {() => boolean} stopped asked now and then
 * @param {boolean} [byHand] without the browser's own code
 * @returns {Promise<string>} what the service wants, in Base64; "" when stopped, or when no number fits
 */
export async function solve(challenge, foresee, stopped, byHand = !crypto.subtle) {
  const { nonce, salt, cost, keyPrefix, data } = challenge.parameters;
  const began = performance.now();
  const salted = bytesOf(salt);
  const together = byHand ? 1 : AT_ONCE;
  for (let counter = 0; counter < data.many && !stopped(); ) {
    const tries = [];
    for (let i = 0; i < together; i++) {
      const password = bytesOf(nonce + (counter + i + 2 ** 32).toString(16).slice(1));
      tries.push((byHand ? deriveByHand : derive)(password, salted, cost));
    }
    for (const key of await Promise.all(tries)) {
      const derivedKey = hexOf(key);
      if (derivedKey.indexOf(keyPrefix) === 0)
        return btoa(jsonOf({ challenge, solution: { counter, derivedKey } }));
      counter++;
    }
    // Three in four are solved by then.
    if (counter === together) foresee(((performance.now() - began) / counter) * data.many * 0.00075);
  }
  return "";
}

/**
 * Solves a challenge below a place of the form, saying how long it takes; whoever does not want to wait can stop it.
 * @param {Challenge} challenge
 * @param {object} form
 * @param {HTMLElement} form.at
 * @param {import("./words.js").Words} form.words
 * @param {(text: string) => void} form.say
 * @param {typeof import("./dom.js").el} form.el
 * @param {typeof import("./dom.js").button} form.button
 * @returns {Promise<string>} as `solve`
 */
export async function prove(challenge, { at, words: said, say, el, button }) {
  let stopped = false;
  const note = el("p", {});
  const stop = button("plain", said.text("proving_stop"), () => (stopped = true));
  const box = el("div", { class: "note" }, note, stop);
  at.appendChild(box);
  /** @param {number} seconds */
  const foresee = (seconds) => {
    note.textContent = said.counted("proving", Math.ceil(seconds));
    say(note.textContent);
  };
  try {
    return await solve(challenge, foresee, () => stopped);
  } finally {
    at.removeChild(box);
  }
}
