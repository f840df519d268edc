/**
 * What the box wears: our own colours, light or dark, or the font and the link colour of the page around it.
 */

/** Contrast that text needs (WCAG 2.2, 1.4.3). */
const ENOUGH = 4.5;

/**
 * Relative luminance of a computed colour (WCAG 2.2); undefined for what is not plain rgb().
 * @param {string} colour as getComputedStyle writes it
 */
export function luminance(colour) {
  const parts = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(colour);
  if (!parts) return undefined;
  let sum = 0;
  for (let i = 0; i < 3; i++) {
    const part = Number(parts[i + 1]) / 255;
    sum += [0.2126, 0.7152, 0.0722][i] * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  }
  return sum;
}

/** Contrast of two luminances. @param {number} a @param {number} b */
export const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);

/**
 * Dresses the wrapper as the theme says. A page that says nothing of dark is light, whatever the device prefers.
 * The page's link colour is taken only where it can be read on our ground.
 * @param {HTMLElement} host
 * @param {HTMLElement} wrapper
 * @param {string} theme
 */
export function wear(host, wrapper, theme) {
  const { colorScheme, fontFamily } = getComputedStyle(host);
  let tone = theme;
  if (theme !== "light" && theme !== "dark") tone = /dark/.test(colorScheme) ? "auto" : "light";
  wrapper.className = `root ${tone}`;
  for (const name of ["font", "accent", "on-accent"]) wrapper.style.removeProperty(`--patient-stories-${name}`);
  if (theme !== "page") return;
  const dark = tone === "auto" && matchMedia("(prefers-color-scheme: dark)").matches;
  wrapper.style.setProperty("--patient-stories-font", fontFamily);
  // Only what is drawn has a colour: the link inside the tag, or else the page's first.
  for (const anchor of [host.querySelector("a"), document.querySelector("p a[href], a[href]")]) {
    const colour = anchor ? getComputedStyle(anchor).color : "";
    const light = luminance(colour);
    if (light === undefined || contrast(light, dark ? 0.014 : 1) < ENOUGH) continue;
    wrapper.style.setProperty("--patient-stories-accent", colour);
    wrapper.style.setProperty("--patient-stories-on-accent", light > 0.18 ? "#000" : "#fff");
    return;
  }
}
