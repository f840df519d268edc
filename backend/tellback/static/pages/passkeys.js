// Asks the browser for a passkey, and sends what it answers with the form it stands in. A form says what it wants by
// data-passkey ("get" or "create") and where the question is to be had by data-question.
async function answer(form) {
  const question = await fetch(form.dataset.question, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (!question.ok) throw new Error(question.status);
  const options = await question.json();
  const made =
    form.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  form.elements.credential.value = JSON.stringify(made.toJSON());
}

if (window.PublicKeyCredential && PublicKeyCredential.parseRequestOptionsFromJSON) {
  for (const form of document.querySelectorAll("[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      const said = form.querySelector(".tb-passkey__said");
      said.hidden = true;
      try {
        await answer(form);
        form.submit();
      } catch {
        form.elements.credential.value = "";
        said.hidden = false;
      }
    });
  }
}
