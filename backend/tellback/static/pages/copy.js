// Adds a button that copies the private link. Without this script the link can be copied by hand.
for (const button of document.querySelectorAll("[data-copies]")) {
  if (navigator.clipboard) {
    button.parentElement.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copies);
      button.textContent = button.dataset.copied;
    });
  }
}
