// In a frame on somebody's page: tells that page how tall the stories are, so that the frame can grow with them.
// No word of a story goes out, only measures; widget/src/frames.js is the other side.
(() => {
  const page = window.parent;
  const stories = document.querySelector("main");
  if (page === window || !window.ResizeObserver) return;
  // WordPress puts a secret of its own behind the address of what an author pasted. Its script, too, makes the frame
  // grow by `message: "height"`, and follows a link of ours by `message: "link"`: its sandbox lets none lead out.
  const [, secret] = /[?&]secret=(\w+)/.exec(location.hash) || [];
  const say = (message, value) => page.postMessage({ type: `patient-stories-${message}`, message, value, secret }, "*");

  const sayHeight = () => say("height", Math.ceil(stories.getBoundingClientRect().height));
  new ResizeObserver(sayHeight).observe(stories);
  // WordPress shows a frame when it first speaks, and what is not shown is not observed.
  sayHeight();
  // The page's script may come after us, and then asks.
  addEventListener("message", ({ source }) => {
    if (source === page) sayHeight();
  });

  // In a frame as tall as its stories everything is "in view", so what takes the focus may stand far off the screen.
  addEventListener("focusin", (event) => event.composedPath()[0].scrollIntoView({ block: "nearest" }));

  if (secret)
    addEventListener("click", (event) => {
      const link = event.composedPath().find((node) => node.localName === "a" && node.href);
      // It follows those of our own host only. A fragment may hold the secret of a private link: nobody else's.
      if (!link || link.host !== location.host || link.hash) return;
      event.preventDefault();
      say("link", link.href);
    });
})();
