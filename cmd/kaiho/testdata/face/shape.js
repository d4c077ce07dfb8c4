// What is wrong with the shape of the page as it is now: text or controls over
// one another, cut off, out of reach, or not there at all.
async ({width, paper}) => {
  const face = globalThis[Symbol.for("kaiho.face")];
  const found = [];
  const find = (what, e, detail = "") => found.push({what, where: typeof e === "string" ? e : face.where(e), detail});
  const px = (n) => Math.round(n) + " px";
  const style = new Map();
  const styleOf = (e) => style.get(e) || style.set(e, getComputedStyle(e)).get(e);
  scrollTo({top: 0, left: 0, behavior: "instant"});

  // Ancestors that cut e off, and whether one of them can be scrolled sideways.
  const cutters = (e) => {
    const cut = [];
    for (let up = e; up && up !== document.body && up !== document.documentElement; up = up.parentElement) {
      const s = styleOf(up);
      if (/auto|scroll/.test(s.overflowX)) return {cut, scrolls: true};
      if (/hidden|clip/.test(s.overflowX + s.overflowY)) cut.push(up);
      if (s.position === "fixed") break;
    }
    return {cut, scrolls: false};
  };

  // Lines of text, each as high as its letters: line boxes touch by design.
  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const e = node.parentElement;
    if (!node.data.trim() || /^(script|style|noscript|template|option)$/.test(e.localName) || !face.seen(e)) continue;
    if (/hidden|clip/.test(styleOf(e).overflowX) && styleOf(e).textOverflow === "ellipsis") { // one line, whatever it holds
      const r = e.getBoundingClientRect();
      lines.push({e, left: r.left + 1, right: r.right - 1, top: r.top + 2, bottom: r.bottom - 2});
      continue;
    }
    range.selectNodeContents(node);
    const em = parseFloat(styleOf(e).fontSize);
    for (const r of range.getClientRects()) {
      if (r.width <= 2 || em === 0) continue;
      const middle = (r.top + r.bottom) / 2;
      lines.push({e, left: r.left + 1, right: r.right - 1, top: middle - em * 0.38, bottom: middle + em * 0.38});
    }
  }
  if (!lines.some((line) => line.e.closest("main, [role=main]") || !document.querySelector("main, [role=main]"))) find("nothing is to be read", document.body);
  const meet = (a, b, by) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > by && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > by;

  const root = document.documentElement;
  if (Math.max(root.scrollWidth, document.body.scrollWidth) > width) {
    const wide = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > width + 0.5 && !cutters(e.parentElement).scrolls);
    const inner = wide.filter((e) => !wide.some((other) => other !== e && e.contains(other)));
    find("the page scrolls sideways", inner.slice(0, 3).map(face.where).join(", "), px(Math.max(root.scrollWidth, document.body.scrollWidth)) + " wide");
  }

  const once = new Set();
  for (const line of lines) {
    const {cut, scrolls} = cutters(line.e);
    if (!scrolls && (line.right > width + 1 || line.left < -1) && !once.has(line.e)) {
      once.add(line.e);
      find("text beyond the edge", line.e, `from ${px(line.left)} to ${px(line.right)}`);
    }
    for (const box of cut) {
      const s = styleOf(box), r = box.getBoundingClientRect();
      const isCut = s.overflowX !== "visible" && (line.left < r.left - 2 || line.right > r.right + 2) ||
        s.overflowY !== "visible" && (line.top < r.top - 2 || line.bottom > r.bottom + 2);
      if (isCut && s.webkitLineClamp === "none" && !once.has(line.e)) {
        once.add(line.e);
        find("text is cut off", line.e, "by " + face.where(box));
      }
    }
  }

  lines.sort((a, b) => a.top - b.top);
  const pairs = new Set();
  for (let i = 0; i < lines.length; i++) {
    for (let j = i + 1; j < lines.length && lines[j].top < lines[i].bottom; j++) {
      const a = lines[i], b = lines[j];
      if (!meet(a, b, 2) || pairs.has(a.e) && pairs.has(b.e)) continue;
      pairs.add(a.e).add(b.e);
      find("text over text", a.e, "and " + face.where(b.e));
    }
  }

  for (const image of document.images) {
    if (!face.seen(image) || paper) continue;
    const r = image.getBoundingClientRect(), s = styleOf(image);
    if (image.complete && !image.naturalWidth) find("a picture does not load", image, image.getAttribute("src"));
    else if (!image.hasAttribute("width") || !image.hasAttribute("height")) find("a picture without width and height", image, image.getAttribute("src"));
    else if (s.objectFit === "fill" && r.width > 20 && Math.abs(image.clientWidth / image.clientHeight / (image.naturalWidth / image.naturalHeight) - 1) > 0.03) find("a picture out of shape", image, `${px(r.width)} × ${px(r.height)}`);
    if (r.right > width + 1 && !cutters(image.parentElement).cut.length && !cutters(image.parentElement).scrolls) find("a picture beyond the edge", image, px(r.right));
  }
  if (paper) return found;

  const controls = face.controls();
  const boxes = controls.map((e) => [...e.getClientRects()].map((r) => ({left: r.left, right: r.right, top: r.top, bottom: r.bottom})));
  const related = (a, b) => a.contains(b) || b.contains(a) || a.labels && [...a.labels].some((l) => l.contains(b)) || b.labels && [...b.labels].some((l) => l.contains(a));
  for (let i = 0; i < controls.length; i++) {
    for (let j = i + 1; j < controls.length; j++) {
      if (!related(controls[i], controls[j]) && boxes[i].some((a) => boxes[j].some((b) => meet(a, b, 4)))) find("controls over one another", controls[i], "and " + face.where(controls[j]));
    }
    if (styleOf(controls[i]).display === "inline") continue;
    for (const line of lines) {
      const own = controls[i].contains(line.e) || controls[i].labels && [...controls[i].labels].some((l) => l.contains(line.e));
      if (!own && !line.e.contains(controls[i]) && boxes[i].some((box) => meet(box, line, 3)) && !controls.some((c) => c.contains(line.e))) find("a control over text", controls[i], "over " + face.where(line.e));
    }
  }

  // What a finger meets around the middle of a control, 24 px across (WCAG 2.2,
  // 2.5.8), but for links in the middle of a sentence.
  const own = (e, hit) => hit && (e.contains(hit) || hit.contains(e) && hit.matches("a, button, label, summary") || e.labels && [...e.labels].some((l) => l.contains(hit)));
  for (const e of controls) {
    e.scrollIntoView({block: "center", inline: "nearest", behavior: "instant"});
    const line = e.getClientRects()[0] || e.getBoundingClientRect();
    const x = Math.max(0, Math.min(width - 1, (line.left + line.right) / 2)), y = (line.top + line.bottom) / 2;
    const hit = document.elementFromPoint(x, y);
    if (!own(e, hit)) {
      find("a control is covered", e, "by " + face.where(hit));
      continue;
    }
    let block = e;
    while (/^(inline|ruby)/.test(styleOf(block).display) && block !== document.body) block = block.parentElement;
    const inSentence = block !== e && block.textContent.trim().length > e.textContent.trim().length + 3;
    const r = (e.labels && e.labels.length && /checkbox|radio/.test(e.type) ? e.labels[0] : e).getBoundingClientRect();
    if (inSentence || r.width >= 23.5 && r.height >= 23.5) continue;
    if (![[0, -11], [0, 11], [-11, 0], [11, 0]].every(([dx, dy]) => own(e, document.elementFromPoint(x + dx, y + dy)))) find("a target below 24 px", e, `${px(r.width)} × ${px(r.height)}`);
  }
  scrollTo({top: 0, behavior: "instant"});
  return found;
}
