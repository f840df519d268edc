// A private link, of an author or in a letter to staff, holds its token after the #, where no server log sees it. This
// sends it on once, and clears it from the address, so that the Back button does not send it again. Without this script
// the link can be pasted.
const box = document.getElementById("token");
function open() {
  const token = location.hash.slice(1);
  // A part of this page that is called so is no token.
  if (token && !document.getElementById(token)) {
    history.replaceState(null, "", location.pathname + location.search);
    box.value = token;
    box.form.submit();
  }
}
// A page that shows what a link opened came by a form: what stands after its # is a place on it.
if (box && !box.form.hidden) open();
// The link opened once more where this page is already: only what stands after the # changes.
if (box) addEventListener("hashchange", open);
