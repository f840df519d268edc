/**
 * The one file a page loads: defines <patient-stories>, once, and finds the other ways in.
 */
import { ATTRIBUTES, PatientStories, TAG } from "./element.js";
import { VERSION, script } from "./origin.js";
import { growFrames } from "./frames.js";

/**
 * A <patient-stories> with the data-… attributes of another element.
 * @param {Element} from
 */
function madeFrom(from) {
  const element = document.createElement(TAG);
  for (const name of ATTRIBUTES) {
    const value = from.getAttribute(`data-${name}`);
    if (value !== null) element.setAttribute(name, value);
  }
  return element;
}

/** <div data-patient-stories="RXH01"> for editors that strip unknown tags; what is in it becomes the fallback. */
function upgradeDivs() {
  const divs = document.querySelectorAll("div[data-patient-stories]");
  for (let i = 0; i < divs.length; i++) {
    const div = divs[i];
    const element = madeFrom(div);
    const code = div.getAttribute("data-patient-stories");
    if (code) element.setAttribute("service", code);
    div.removeAttribute("data-patient-stories");
    while (div.firstChild) element.appendChild(div.firstChild);
    div.appendChild(element);
  }
}

/** <script src data-service="RXH01"> alone: the box stands where the script stands. */
function standInPlace() {
  if (!script || !script.parentNode) return;
  const element = madeFrom(script);
  if (element.attributes.length) script.parentNode.insertBefore(element, script.nextSibling);
}

const earlier = /** @type {any} */ (customElements.get(TAG));
if (!earlier) {
  customElements.define(TAG, PatientStories);
  standInPlace();
  growFrames();
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", upgradeDivs);
  else upgradeDivs();
} else if (earlier.version !== VERSION) {
  console.info(`patient-stories: version ${earlier.version} was here first, so ${VERSION} stands back.`);
}
