// The letters' page in the browser. The preview's script brings the page up to
// date and leaves the frames alone, as their addresses stay: what changed in a
// letter is its version. A frame is loaded again where it was scrolled to, and
// adds nothing to the history of the tab.
(() => {
  "use strict";

  function reload(frame) {
    const view = frame.contentWindow, { scrollX, scrollY } = view;
    frame.addEventListener("load", () => view.scrollTo({ left: scrollX, top: scrollY, behavior: "instant" }), { once: true });
    view.location.replace(frame.src);
  }

  new MutationObserver((changes) => {
    for (const frame of new Set(changes.map((c) => c.target))) {
      if (frame.matches("iframe[data-letter]")) reload(frame);
    }
  }).observe(document.documentElement, { subtree: true, attributeFilter: ["data-letter"] });
})();
