// A private link holds its token after the #, where no server log sees it. This sends it on once, and clears it from
// the address, so that the Back button does not send it again. Without this script the link can be pasted.
function open() {
  const token = location.hash.slice(1);
  if (token) {
    history.replaceState(null, "", location.pathname + location.search);
    document.getElementById("token").value = token;
    document.getElementById("open-my-story").submit();
  }
}
open();
// The link opened once more where this page is already: only what stands after the # changes.
addEventListener("hashchange", open);
