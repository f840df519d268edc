// Shows a change of the form at once, and copies by a button. Without this script "Show it" does the one, a hand the other.
// Nothing is made here: the page for the new choices is asked for, and its parts with data-renewed are put in by their ids.
const form = document.querySelector("form[data-renews]");
// Milliseconds in which somebody who types a town or a colour types on.
const PAUSE = 350;
let timer = 0;
let asked = 0;

document.documentElement.classList.add("tb-scripted");

/** What is wrong in a part, in words. @param {Element} part */
const wrong = (part) => (part.querySelector(".nhsuk-error-message") || part).textContent;

/** Puts a part's new children in, and the focus back where it was. @param {Element} made */
function renew(made) {
  const here = document.getElementById(made.id);
  if (!here || here.innerHTML === made.innerHTML) return;
  // A field is left alone while people type in it, unless there is something to say.
  if (made.dataset.renewed === "errors" && wrong(here) === wrong(made)) return;
  const { id, value, selectionStart } = here.contains(document.activeElement) ? document.activeElement : {};
  here.replaceChildren(...made.childNodes);
  const again = id && document.getElementById(id);
  if (!again) return;
  again.focus({ preventScroll: true });
  if (again.type !== "text" && again.type !== "search") return;
  // Typed while the answer was on its way.
  again.value = value;
  again.setSelectionRange(selectionStart, selectionStart);
}

async function show() {
  const number = ++asked;
  const wanted = `${form.action}?${new URLSearchParams(new FormData(form))}`;
  const answer = await fetch(wanted, { headers: { Accept: "text/html" } });
  // Signed out, or a limit reached: the button says it in full.
  if (!answer.ok || answer.redirected) return form.submit();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (number !== asked) return;
  for (const made of page.querySelectorAll("[data-renewed]")) renew(made);
  // Another form of the page comes back to what was chosen, too.
  for (const other of document.querySelectorAll("form[data-follows]"))
    other.action = page.getElementById(other.id).getAttribute("action");
  // It names what was wrong when the page came; each field says its own now.
  for (const old of document.querySelectorAll(".nhsuk-error-summary")) old.remove();
  const preview = document.getElementById("preview");
  const { src } = page.getElementById("preview");
  if (preview.src !== src) preview.src = src;
  history.replaceState(null, "", wanted);
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(() => show().catch(() => {}), PAUSE);
}

/** A palette beside the box for a colour: the box stays what is sent. */
function palette() {
  const box = document.getElementById("accent");
  const colour = document.createElement("input");
  colour.type = "color";
  colour.className = "tb-palette";
  colour.setAttribute("aria-label", "Pick the colour from a palette");
  colour.value = /^#[0-9a-f]{6}$/i.test(box.value) ? box.value : "#563b82";
  colour.addEventListener("input", (event) => {
    // Its own change is none of the form's: it has no name there.
    event.stopPropagation();
    document.getElementById("accent").value = colour.value;
    soon();
  });
  document.getElementById("accent-part").after(colour);
}

if (form) {
  form.addEventListener("input", soon);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show().catch(() => form.submit());
  });
  palette();
}

document.addEventListener("click", async ({ target }) => {
  const { copies } = target.dataset;
  if (!copies) return;
  const text = document.getElementById(copies).textContent;
  try {
    await navigator.clipboard.writeText(text);
    target.textContent = "Copied";
  } catch {
    // Not over plain http, nor where the browser says no: then it is marked, for the keyboard.
    getSelection().selectAllChildren(document.getElementById(copies));
    target.textContent = "Marked: press Ctrl and C";
  }
  setTimeout(() => {
    target.textContent = "Copy";
  }, 4000);
});

// Another sample page is one more choice: it is shown in place, and the scroll stays.
document.addEventListener("click", (event) => {
  const { sample } = event.target.dataset;
  if (!form || !sample || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  form.elements.sample.value = sample;
  show().catch(() => form.submit());
});
