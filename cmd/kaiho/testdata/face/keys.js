// What the keyboard reaches, in steps; between them, keys are pressed:
//
//   start     how many times to press Tab to go through all of the page
//   end       what is wrong so far, and how many parts are folded
//   fold      focuses the next folded part, for Enter
//   unfolded  whether it is open; how many times to press Tab to go through it
//   skip      focuses the link that skips the head of the page, for Enter
//   skipped   after another Tab: whether that led into the page
({step}) => {
  const face = globalThis[Symbol.for("kaiho.face")];
  const marks = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "backgroundColor", "borderTopColor", "borderBottomColor", "borderTopWidth", "textDecorationLine", "textDecorationThickness", "color"];
  const look = (e) => Object.fromEntries(marks.map((m) => [m, getComputedStyle(e)[m]]));
  const walk = face.walk ??= {expected: [], looks: new Map(), order: [], found: [], folds: new Set()};
  const find = (what, e, detail = "") => walk.found.push({what, where: face.where(e), detail});
  const able = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex='-1'])";

  // Of radio buttons of one name, Tab reaches the one that is chosen.
  const group = (e) => e.type === "radio" ? [...document.querySelectorAll(`input[type=radio][name="${CSS.escape(e.name)}"]`)].filter((other) => other.form === e.form) : [e];
  const isFolded = (e) => e.closest(`details:not([open])`) && !(e.localName === "summary" && !e.parentElement.parentElement.closest("details:not([open])"));
  const tabs = (controls) => controls.length + 4 * controls.filter((e) => /date|time|month|week/.test(e.type || "")).length + 2;

  const note = () => {
    const e = document.activeElement;
    if (!e || e === document.body || walk.order.at(-1) === e || walk.over) return;
    if (walk.order[0] === e) { // once round
      walk.over = true;
      return;
    }
    walk.order.push(e);
    const before = walk.looks.get(e), after = look(e), r = e.getBoundingClientRect();
    const isOutlined = after.outlineStyle !== "none" && parseFloat(after.outlineWidth) >= 1;
    if (!isOutlined && before && marks.every((m) => before[m] === after[m])) find("focus cannot be seen", e);
    if (r.bottom <= 0 || r.top >= innerHeight || r.right <= 0 || r.left >= innerWidth) find("focus is out of sight", e, `at ${Math.round(r.left)}, ${Math.round(r.top)}`);
  };

  switch (step) {
  case "start": {
    document.activeElement?.blur();
    walk.expected = [...document.querySelectorAll(able)].filter((e) => !e.disabled && !e.closest("[inert]") && e.tabIndex >= 0 && (isFolded(e) || e.checkVisibility({visibilityProperty: true})));
    walk.expected = walk.expected.filter((e) => {
      const all = group(e);
      return e === (all.find((other) => other.checked) || all[0]);
    });
    for (const e of walk.expected) walk.looks.set(e, look(e));
    document.addEventListener("keydown", walk.note = note, true);
    return {tabs: tabs(walk.expected)};
  }
  case "end": {
    note();
    const folded = walk.expected.filter((e) => e.localName === "summary" && !e.parentElement.open && !walk.folds.has(e));
    if (folded.length > 0) return {folded: walk.expected.filter((e) => e.localName === "summary").length};
    document.removeEventListener("keydown", walk.note, true);
    for (const e of walk.expected) {
      const times = walk.order.filter((other) => other === e).length;
      if (times === 0) find("Tab does not reach it", e);
      if (times > 1 && walk.folds.size === 0) find("Tab reaches it more than once", e);
    }
    const places = walk.order.filter((e) => walk.expected.includes(e)).map((e) => walk.expected.indexOf(e));
    const back = places.findIndex((n, i) => i > 0 && n < places[i - 1]);
    if (back > 0 && walk.folds.size === 0 && !document.querySelector("[autofocus]")) find("Tab goes back", walk.expected[places[back]], "after " + face.where(walk.expected[places[back - 1]]));
    return {found: walk.found};
  }
  case "fold": {
    const next = walk.expected.find((e) => e.localName === "summary" && !e.parentElement.open && !walk.folds.has(e) && !isFolded(e));
    if (!next) return {folded: 0};
    walk.folds.add(next);
    walk.fold = next;
    walk.over = false;
    walk.order.push(next);
    next.focus();
    return {folded: 1};
  }
  case "unfolded":
    if (!walk.fold.parentElement.open) find("Enter does not open it", walk.fold);
    return {tabs: tabs([...walk.fold.parentElement.querySelectorAll(able)]) - 2};
  case "skip": {
    const skip = walk.expected[0];
    if (!skip?.matches('a[href^="#"]')) {
      walk.skip = null;
      return {tabs: 0};
    }
    walk.skip = document.querySelector(skip.hash);
    skip.focus();
    return {tabs: 1};
  }
  case "skipped": {
    const into = walk.expected.some((e) => walk.skip?.contains(e));
    if (!walk.skip || into && !walk.skip.contains(document.activeElement)) return {found: [{what: "the link that skips does not lead into the page", where: face.where(document.activeElement), detail: ""}]};
    return {found: []};
  }
  }
}
