// Runs before each page: notes what moves, and has what the other files of this
// folder share, below a symbol, so that no name of a page is taken.
(() => {
  const face = globalThis[Symbol.for("kaiho.face")] = {shifts: []};

  // The start of an element's tag, as in a selector.
  const tag = (e) => e.localName + (e.id ? "#" + e.id : "") + [...e.classList].map((c) => "." + c).join("");

  // Which element it is, for people: its way down from the nearest id, and its words.
  face.where = (e) => {
    if (!e) return "nothing";
    const path = [tag(e)];
    for (let up = e.parentElement; up && path.length < 4 && !path[0].includes("#") && up !== document.documentElement; up = up.parentElement) path.unshift(tag(up));
    const words = (e.textContent || e.getAttribute("alt") || e.value || "").trim().replace(/\s+/g, " ");
    return path.join(" > ") + (words ? ` “${words.length > 30 ? words.slice(0, 30) + "…" : words}”` : "");
  };

  new PerformanceObserver((list) => {
    for (const s of list.getEntries()) {
      if (s.hadRecentInput) continue;
      face.shifts.push({value: s.value, where: s.sources.map((source) => source.node?.nodeType === 1 ? face.where(source.node) : face.where(source.node?.parentElement)).join(", ")});
    }
  }).observe({type: "layout-shift", buffered: true});

  face.frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

  // Resolves when the page is there in full: its fonts, and the pictures that
  // load as one reads on.
  face.settled = async () => {
    await document.fonts.ready;
    for (let y = 0; y < document.documentElement.scrollHeight; y += Math.round(innerHeight * 0.8)) {
      scrollTo({top: y, behavior: "instant"});
      await face.frame();
    }
    await Promise.all([...document.images].filter((i) => !i.complete && i.checkVisibility()).map((i) => new Promise((done) => {
      i.addEventListener("load", done);
      i.addEventListener("error", done);
    })));
    scrollTo({top: 0, behavior: "instant"});
    await face.frame();
  };

  // Whether an element can be seen. What is one pixel large, or far outside, is
  // there for screen readers, or for nobody.
  face.seen = (e) => {
    if (!e.checkVisibility({visibilityProperty: true, opacityProperty: true, contentVisibilityAuto: false})) return false;
    for (let up = e; up && up !== document.body; up = up.parentElement) {
      const s = getComputedStyle(up), r = up.getBoundingClientRect();
      if (s.position !== "static" && s.overflowX !== "visible" && (r.width <= 1 || r.height <= 1)) return false;
      if (s.position === "absolute" && (r.right + scrollX <= 0 || r.bottom + scrollY <= 0)) return false;
    }
    return true;
  };

  face.controls = () => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex='-1'])")]
    .filter((e) => !e.disabled && face.seen(e));
})();
