// The composer looks at a reply while it is written, by the very presses that its page has for that: "Save draft" where
// there is one, else "Check my reply". Each answer is the page again; of it, what is marked as renewed is taken.

// Milliseconds without a key until the reply is looked at.
const PAUSE = 1200;

const composer = document.querySelector("[data-check]");
const form = composer.closest("form");
let timer;
let looking = null;

async function look() {
  const saves = Boolean(composer.dataset.save) && form.elements.body.value.trim() !== "";
  const answer = await fetch(saves ? composer.dataset.save : composer.dataset.check, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
  });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of document.querySelectorAll("[data-renewed]")) {
    // What a colleague saved meanwhile is not overwritten: the form keeps the revision it read, and its press says more.
    if (old.dataset.renewed === "saved" && !answer.ok) continue;
    const made = page.getElementById(old.id);
    // Signed out, or gone: the page stays as it is, and each press says so in full.
    if (made) old.replaceChildren(...made.childNodes);
  }
  if (saves && !answer.ok) delete composer.dataset.save;
}

function lookOnce() {
  // One at a time: each save names the one before.
  looking = (looking ?? Promise.resolve())
    .then(look)
    .catch(() => {})
    .finally(() => {
      looking = null;
    });
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(lookOnce, PAUSE);
});
// Whoever sends while a draft is being saved sends once that is done.
form.addEventListener("submit", (event) => {
  clearTimeout(timer);
  if (!looking) return;
  event.preventDefault();
  looking.finally(() => form.requestSubmit(event.submitter));
});
