/**
 * One journey, the same in every engine: read the list, tell a story the short way, keep the private link.
 * Run in the page; answers with what a person would have seen.
 */
async (story) => {
  const host = document.querySelector("patient-stories");
  const violations = [];
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
    // The browser asks every page for its icon: it is none of the embed's doing.
    if (!/favicon/.test(blockedURI)) violations.push(`${violatedDirective} ${blockedURI}`);
  });

  const until = (look, what = look) =>
    new Promise((done, fail) => {
      const began = Date.now();
      const again = () => {
        const found = host.shadowRoot && look(host.shadowRoot);
        if (found) done(found);
        else if (Date.now() - began > 20000) fail(new Error(`never seen: ${what}`));
        else setTimeout(again, 20);
      };
      again();
    });
  const button = (text) =>
    until((root) => [...root.querySelectorAll("button")].find((node) => node.textContent.trim() === text), text);
  const heading = (text) =>
    until((root) => [...root.querySelectorAll("h1, h2, h3")].find((node) => node.textContent.includes(text)), text);
  const onward = async (text) => {
    (await until((root) => root.querySelector(".acts .main"))).click();
    return heading(text);
  };

  // The box fills out of sight: a person sees the count with the first story.
  const count = (await until((root) => root.querySelector(".story") && root.querySelector(".count"))).textContent;
  const opener = await button("Tell your story");
  const seen = {
    count,
    size: getComputedStyle(opener).fontSize,
    colour: getComputedStyle(opener).backgroundColor,
    sheets: (host.shadowRoot.adoptedStyleSheets || []).length,
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  };
  opener.click();
  (await button("Tell it the short way")).click();
  await heading("What happened?");
  const body = host.shadowRoot.querySelector("#body");
  body.value = story;
  body.dispatchEvent(new Event("input", { bubbles: true }));
  await onward("Who are you");
  host.shadowRoot.querySelector("#author_role").click();
  await onward("What do you agree to?");
  host.shadowRoot.querySelector("#consent_publish").click();
  await onward("Check it");
  (await button("Send it")).click();
  const title = await heading("Thank you");
  return {
    ...seen,
    title: title.textContent,
    focused: host.shadowRoot.activeElement === title,
    link: host.shadowRoot.querySelector("#private-link").value,
    violations,
    stored: localStorage.length + sessionStorage.length + document.cookie.length,
  };
};
