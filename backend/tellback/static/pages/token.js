// The link of a letter holds its token after the #, where no server log sees it. This takes it into the form and clears
// it from the address. Without this script the link can be pasted.
function take() {
  const token = location.hash.slice(1);
  if (token && token !== "main") {
    history.replaceState(null, "", location.pathname + location.search);
    document.getElementById("token").value = token;
    document.querySelector("[data-token]").hidden = true;
  }
}
take();
// The link opened once more where this page is already: only what stands after the # changes.
addEventListener("hashchange", take);
