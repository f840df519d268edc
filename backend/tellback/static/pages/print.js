// Shows the button that prints. Without this script the browser's own menu does.
for (const button of document.querySelectorAll("[data-prints]")) {
  button.parentElement.hidden = false;
  button.addEventListener("click", () => window.print());
}
