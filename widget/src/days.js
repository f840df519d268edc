const DAY_MS = 86400000;

/**
 * Days from one day to another, by the calendar; never less than 0.
 * @param {string} from a day or an instant (ISO 8601, UTC)
 * @param {string} to
 */
export const daysBetween = (from, to) =>
  Math.max(0, (Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / DAY_MS);
