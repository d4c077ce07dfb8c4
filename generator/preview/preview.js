// The preview's part in the browser: it brings the open page up to date when
// the server says that it changed, and shows the bar and the problems.
// A plain script; everything that it shows is in one shadow root, and every
// text goes in as text.
(() => {
  "use strict";

  const mine = document.currentScript;
  let have = mine.dataset.version; // what the server served here, in its own words
  mine.remove();
  let served = document.documentElement.cloneNode(true); // the page before anybody changes it
  let ran = scriptsOf(document);

  // ---- The line to the server

  let line = null, retry = 0, late = 0, going = 0, process = "";

  // Browsers allow six connections to a host, and a line keeps one. So only
  // the tabs that are seen have one.
  function connect() {
    clearTimeout(retry);
    if (line || document.visibilityState === "hidden") return;
    const query = new URLSearchParams({ path: location.pathname, query: location.search, have });
    line = new EventSource(`/-/events?${query}`);
    for (const name of Object.keys(on)) line.addEventListener(name, (e) => on[name](JSON.parse(e.data)));
    line.onopen = () => { clearTimeout(late); late = 0; bar.lost(false); };
    line.onerror = () => { // EventSource would go on with the version of then
      disconnect();
      late ||= setTimeout(() => bar.lost(true), 1500);
      retry = setTimeout(connect, 500);
    };
  }

  function disconnect() {
    line?.close();
    line = null;
    clearTimeout(retry);
  }

  const on = {
    hello(h) {
      if (process && process !== h.process) update();
      process = h.process;
    },
    page: () => update(),
    // Some editors move a file away before they write it anew.
    gone: () => { going = setTimeout(update, 300); },
    css: (c) => queue(() => restyle(c)),
    state: (s) => bar.show(s),
    problems: (o) => overlay.show(o),
    ok: () => overlay.show(null),
  };

  // What changes the page happens one after the other.
  let work = Promise.resolve(), waiting = false;
  function queue(job) {
    work = work.then(job).catch((e) => console.debug("preview:", e)); // the next line tells again
  }

  function update() {
    clearTimeout(going);
    if (waiting) return;
    waiting = true;
    queue(() => { waiting = false; return fetchPage(); });
  }

  // ---- The page

  async function fetchPage() {
    const r = await fetch(location.href, { redirect: "manual" });
    if (r.type === "opaqueredirect" || !/^text\/html\b/i.test(r.headers.get("Content-Type") || "")) return location.reload();
    if (r.status >= 500) { // it cannot be made: the page stays, and the line says why
      disconnect();
      return connect();
    }
    const doc = new DOMParser().parseFromString(await r.text(), "text/html");
    const tag = doc.querySelector('script[src="/-/preview.js"]');
    tag?.remove();
    // Scripts run once in a page's life: others need another life.
    if (!tag || scriptsOf(doc) !== ran) return location.reload();
    const version = tag.dataset.version;
    await swapStyles(stylesIn(doc.head), stylesPart(version) !== stylesPart(have), version);
    swapHead(doc.head);
    const focused = document.activeElement;
    morphAttributes(document.documentElement, served, doc.documentElement);
    morph(document.body, served.querySelector("body"), doc.body);
    refocus(focused);
    served = doc.documentElement;
    have = version;
  }

  function scriptsOf(doc) {
    const runs = (s) => s !== mine && /^(|module|importmap|(text|application)\/(x-)?(java|ecma)script)$/i.test(s.type);
    return [...doc.scripts].filter(runs).map((s) => `${s.type} ${s.getAttribute("src") ?? s.text}`).join("\n");
  }

  function refocus(was) {
    if (!was || was === document.body || was === document.activeElement) return;
    const again = was.isConnected ? was : was.id && document.getElementById(was.id);
    again?.focus?.({ preventScroll: true });
  }

  // swapHead leaves alone what the page's scripts and extensions put there.
  function swapHead(head) {
    const kept = (n) => n.nodeName === "SCRIPT" || isStyle(n);
    const before = [...served.querySelector("head").children].filter((n) => !kept(n));
    const added = [...head.children].filter((n) => !kept(n));
    for (const old of before) {
      const i = added.findIndex((n) => n.isEqualNode(old));
      if (i >= 0) added.splice(i, 1);
      else [...document.head.children].find((n) => n.isEqualNode(old))?.remove();
    }
    document.head.append(...added.map((n) => document.importNode(n, true)));
  }

  // morph makes live, which was served as old, into fresh, and touches only
  // what differs between the two: so the scroll position, the focus, an open
  // <details>, a half-filled form and what scripts did elsewhere stay.
  function morph(live, old, fresh) {
    if (old.isEqualNode(fresh)) return;
    if (fresh.nodeType !== Node.ELEMENT_NODE) {
      live.data = fresh.data;
      return;
    }
    morphAttributes(live, old, fresh);
    morphChildren(live, old, fresh);
  }

  function morphAttributes(live, old, fresh) {
    for (const { name } of [...old.attributes]) {
      const opened = live === old && name === "open"; // by the reader, for all we know
      if (!fresh.hasAttribute(name) && !opened) live.removeAttribute(name);
    }
    for (const { name, value } of fresh.attributes) {
      if (old.getAttribute(name) !== value) live.setAttribute(name, value);
    }
  }

  function morphChildren(live, old, fresh) {
    const lives = [...live.childNodes], news = [...fresh.childNodes];
    let olds = [...old.childNodes];
    // If scripts added or removed nodes here, what is there is all we know.
    if (olds.length !== lives.length || olds.some((n, i) => n.nodeName !== lives[i].nodeName)) olds = lives;
    let i = 0, end = olds.length, newEnd = news.length;
    while (i < end && i < newEnd && olds[i].isEqualNode(news[i])) i++;
    let j = i;
    while (end > i && newEnd > i && olds[end - 1].isEqualNode(news[newEnd - 1])) { end--; newEnd--; }
    const alike = (a, b) => a.nodeName === b.nodeName && (a.id || "") === (b.id || "");
    for (; j < newEnd; j++) {
      let k = i;
      // No element goes for the sake of the white space behind it.
      const passes = (n) => news[j].nodeType === Node.ELEMENT_NODE || n.nodeType !== Node.ELEMENT_NODE;
      while (k < end && !alike(olds[k], news[j]) && passes(olds[k])) k++;
      if (k === end || !alike(olds[k], news[j])) {
        live.insertBefore(document.importNode(news[j], true), lives[i] ?? null);
        continue;
      }
      for (; i < k; i++) lives[i].remove();
      morph(lives[i], olds[i], news[j]);
      i++;
    }
    for (; i < end; i++) lives[i].remove();
  }

  // ---- Stylesheets: the old one goes when the new one is there

  const isStyle = (n) => n.matches('link[rel~="stylesheet" i]');
  const stylesIn = (head) => [...head.children].filter(isStyle);
  const stylesPart = (version) => version.split(".")[1];
  let sheets = stylesIn(document.head); // the page's own, as they are now
  const asServed = new WeakMap(); // link → the link in the page it came with
  const original = (link) => asServed.get(link) ?? link;

  function restyle({ version, styles }) {
    const before = stylesIn(served.querySelector("head"));
    if (sheets.length !== styles.length || before.length !== styles.length) return fetchPage();
    before.forEach((link, i) => link.setAttribute("href", styles[i]));
    have = version;
    return swapStyles(before, true, version);
  }

  // swapStyles puts fresh in place of the stylesheets that are there. changed
  // says that some changed, be it below the same address.
  async function swapStyles(fresh, changed, version) {
    const old = sheets, loads = [];
    sheets = fresh.map((link, i) => {
      const was = old[i];
      if (was && !changed && original(was).isEqualNode(link)) return was;
      const next = document.importNode(link, true);
      asServed.set(next, link.cloneNode());
      if (was && original(was).href === next.href) { // some browsers look into their memory first
        const url = new URL(next.href);
        url.searchParams.set("preview", version);
        next.href = url;
      }
      const loaded = new Promise((done) => {
        next.onload = next.onerror = done;
        setTimeout(done, 3000); // a disabled one never loads
      });
      loads.push(loaded.then(() => was?.remove()));
      if (was?.isConnected) was.after(next);
      else document.head.append(next);
      return next;
    });
    await Promise.all(loads);
    for (const link of old.slice(fresh.length)) link.remove();
  }

  // ---- What is seen of the preview

  function el(name, attributes, ...children) {
    const e = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) e.addEventListener(key.slice(2), value);
      else if (value !== false && value != null) e.setAttribute(key, value === true ? "" : value);
    }
    e.append(...children.filter((c) => c != null));
    return e;
  }

  // The tab remembers, as far as the browser lets it.
  const memory = {
    get(key) { try { return sessionStorage.getItem(`kaiho-${key}`); } catch { return null; } },
    set(key, value) { try { sessionStorage.setItem(`kaiho-${key}`, value); } catch { /* then not */ } },
  };

  const dock = el("div", { class: "dock", hidden: true });
  const spacer = el("div", { class: "spacer" }); // lets the page's end be scrolled above the bar
  const host = el("kaiho-preview", {});
  host.attachShadow({ mode: "open" }).append(
    el("link", { rel: "stylesheet", href: "/-/preview.css", onload: () => { dock.hidden = false; } }), spacer, dock);
  let words = {};

  const bar = {
    box: el("div", { class: "bar", role: "region" }),
    state: null,
    isLost: false,

    lost(is) {
      if (this.isLost === is) return;
      this.isLost = is;
      this.draw();
    },

    show(state) {
      this.state = state;
      words = state.words;
      dock.lang = words.lang; // decides which glyphs Han characters get
      this.draw();
    },

    draw() {
      const s = this.state;
      if (!s) return;
      const small = memory.get("bar") === "small";
      const focused = host.shadowRoot.activeElement?.dataset.key; // drawn anew, it keeps the focus
      this.box.className = small ? "bar small" : "bar";
      this.box.setAttribute("aria-label", words.bar);
      const toggle = el("button", {
        type: "button", class: "toggle", "data-key": "toggle", "aria-expanded": String(!small), title: small ? words.show : words.hide,
        "aria-label": small ? words.show : words.hide,
        onclick: () => { memory.set("bar", small ? "large" : "small"); this.draw(); },
      });
      const lost = this.isLost ? el("span", { class: "lost", role: "status" }, words.lost) : null;
      const parts = this.parts(s).filter(Boolean), told = [lost, this.count(s)].filter(Boolean);
      this.box.hidden = parts.length + told.length === 0;
      this.box.replaceChildren(...told, ...(small ? [] : parts), toggle);
      if (focused) [...this.box.querySelectorAll("[data-key]")].find((e) => e.dataset.key === focused)?.focus();
    },

    count(s) {
      const n = s.errors + s.warnings;
      if (!n) return null;
      return el("button", { type: "button", class: s.errors ? "count error" : "count warning", "data-key": "count", "aria-haspopup": "dialog",
        onclick: () => overlay.toggle() }, `${words.problems} `, el("b", {}, String(n)));
    },

    parts(s) {
      const here = location.pathname + location.search + location.hash;
      const readers = s.readers ?? [], editions = s.translations ?? [];
      const as = (name) => `/-/reader?${new URLSearchParams({ name, to: here })}`;
      return [
        readers.length > 1 && this.choice(words.reader, readers.map((r) => [r.title, as(r.name), r.name === s.reader])),
        editions.length > 0 && this.choice(words.edition,
          editions.map((t) => [t.name, t.title, new URL(t.title, location.href).pathname === location.pathname])),
        ...(s.marks ?? []).map((m) => el("span", { class: "mark" }, m)),
        s.edit && el("a", { class: "edit", href: s.edit, title: s.source, "data-key": "edit" }, words.edit),
        !s.edit && s.source && el("span", { class: "source" }, s.source),
        s.letters && el("a", { class: "letters", href: s.letters, "data-key": "letters" }, words.letters),
        s.note && el("span", { class: "note" }, s.note),
        readers.length > 1 && el("span", { class: "open" }, words.open),
      ];
    },

    choice(label, options) {
      return el("span", { class: "choice", role: "group", "aria-label": label }, el("span", { class: "label", "aria-hidden": "true" }, label),
        el("span", { class: "options" }, ...options.map(([text, href, current]) =>
          el("a", { href, "aria-current": current && "true", "data-key": href }, text))));
    },
  };

  const overlay = {
    data: null,
    box: null,
    said: el("div", { class: "said", role: "alert" }), // dialogs that do not take the focus are not read out

    show(data) {
      this.data = data;
      const errors = data?.problems.filter((p) => p.severity !== "warning") ?? [];
      const closed = memory.get("closed") === this.name();
      if (!data || (closed && !this.box)) this.draw(false);
      else this.draw(errors.length > 0 || this.box !== null);
      this.said.textContent = errors.length > 0 && !closed ? `${words.problems}: ${errors[0].message}` : "";
    },

    name() { return `${process}:${this.data?.number}`; },

    draw(open) {
      const top = this.box?.querySelector("ol").scrollTop ?? 0;
      const focused = this.box?.contains(host.shadowRoot.activeElement), appears = !this.box;
      this.box?.remove();
      this.box = open ? this.build(this.data) : null;
      if (!open) return;
      this.box.classList.toggle("appears", appears);
      dock.prepend(this.box);
      this.box.querySelector("ol").scrollTop = top;
      if (focused) this.box.focus();
    },

    toggle() {
      if (this.box) return this.close();
      this.draw(true);
      this.box.focus();
    },

    // Closed, it stays so until something changes.
    close() {
      const inside = this.box?.contains(host.shadowRoot.activeElement);
      memory.set("closed", this.name());
      this.draw(false);
      if (inside) bar.box.querySelector(".count")?.focus();
    },

    build(o) {
      const mild = o.problems.every((p) => p.severity === "warning");
      return el("section", { class: mild ? "overlay mild" : "overlay", role: "alertdialog", "aria-labelledby": "title", "aria-describedby": "behind", tabindex: "-1" },
        el("header", {},
          el("h2", { id: "title" }, `${words.problems} `, el("b", {}, String(o.problems.length + o.more))),
          el("p", { id: "behind" }, o.behind ? words.behind : ""),
          el("button", { type: "button", class: "close", title: words.close, "aria-label": words.close, onclick: () => this.close() })),
        el("ol", { tabindex: "0", "aria-labelledby": "title" }, ...o.problems.map((p) => this.problem(p)),
          o.more ? el("li", { class: "more" }, `+ ${o.more}`) : null));
    },

    problem(p) {
      const warning = p.severity === "warning";
      const place = [p.path, p.line, p.line && p.col].filter(Boolean).join(":");
      return el("li", { class: warning ? "problem warning" : "problem error" },
        el("p", { class: "message" }, el("span", { class: "severity" }, warning ? words.warning : words.error), " ", p.message),
        p.remedy ? el("p", { class: "remedy" }, p.remedy) : null,
        place || p.rule ? el("p", { class: "place" }, place && p.edit ? el("a", { href: p.edit }, place) : place || null,
          p.rule ? el("span", { class: "rule" }, p.rule) : null) : null,
        p.excerpt?.length ? el("pre", { tabindex: "0", role: "group", "aria-label": place }, ...p.excerpt.map((l) =>
          el(l.marked ? "mark" : "span", { class: "line" }, el("span", { class: "number" }, String(l.number)), el("code", {}, `${l.text}\n`)))) : null);
    },
  };

  dock.append(bar.box, overlay.said);
  // Outside the body, where no update of the page finds it.
  document.documentElement.append(host);
  new ResizeObserver(() => {
    spacer.style.height = bar.box.classList.contains("small") ? "0" : `${bar.box.offsetHeight}px`;
  }).observe(bar.box);

  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape" && overlay.box && !e.defaultPrevented && !e.isComposing) overlay.close();
  });
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? disconnect() : connect()));
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", connect);
  connect();
})();
