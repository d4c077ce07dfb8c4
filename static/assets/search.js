/*
 * The search page: reads the index that the site has below /search/, without a
 * server. What the files hold is told in generator/search, which folds texts in
 * the same way; a test compares the two.
 */
"use strict";
(() => {
  const variants = "σς dđð hħ iı lł nŋ oø tŧ 高髙 崎﨑嵜碕埼 吉𠮷 辺邉邊 斎斉齋齊 浜濱濵 沢澤 島嶋嶌 広廣 真眞 徳德 瀬瀨 国國圀 桜櫻 恵惠 竜龍 曽曾 寿壽 条條 万萬 実實 関關 蔵藏 槇槙 栄榮 豊豐 静靜 礼禮 芦蘆 桧檜 滝瀧 鉄鐵鉃 渋澁 黒黑 青靑 亀龜 円圓 会會 学學斈 晃晄 薮藪籔 館舘 峰峯 船舩 柳栁桺 穂穗 緑綠 遥遙 凛凜 富冨 郎郞 来來 総總 芸藝 当當 台臺 体體 声聲 図圖 団團 旧舊 駅驛 県縣 横橫 応應 歩步 戸戶 尚尙 弥彌 祢禰 桑桒 梅楳 鶴靏鸖 鷲鵰 賢贒 啓啟 兎兔 鴎鷗 蝋蠟 頬頰";

  const plain = new Map();
  for (const [first, ...others] of variants.split(" ").map((group) => [...group])) {
    for (const other of others) plain.set(other, first);
  }
  const dropped = /[\u0300-\u036f\ufe00-\ufe0f\u{e0100}-\u{e01ef}\u200b-\u200f\ufeff\xad]/gu;
  const letter = /[\p{L}\p{N}\p{M}&+#]/u;
  const mark = /^[\p{M}\uff9e\uff9f]/u;
  const mayMark = (c) => c >= 0x300 && !((c >= 0x3040 && c < 0x3099) || (c > 0x309a && c < 0xa66f)); // most kana and kanji are none
  const wide = /[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{10ffff}]/u;
  const kana = /[\u3040-\u30ff]/;
  const space = /[\s\x85]/;
  const alnum = /[a-z0-9]/;

  // What a letter with its marks is folded to: letters, " " for spaces, "\n" for
  // what parts letters of all kinds.
  const clusters = new Map();
  const cluster = (text) => {
    let out = clusters.get(text);
    if (out === undefined) {
      out = "";
      for (let c of text.normalize("NFKD").replace(dropped, "").toLowerCase().normalize("NFC")) {
        if ((c >= "ァ" && c <= "ヶ") || c === "ヽ" || c === "ヾ") c = String.fromCharCode(c.charCodeAt(0) - 0x60);
        c = plain.get(c) || c;
        if (letter.test(c)) out += c;
        else if (c !== "・" && c !== "'" && c !== "’") out += c !== "\n" && space.test(c) ? " " : "\n";
      }
      clusters.set(text, out);
    }
    return out;
  };

  // The folded text, and from and to where in text each of its units stands.
  const fold = (text) => {
    let out = "", last = "", gap = "";
    const from = [], to = [];
    for (let i = 0, end; i < text.length; i = end) {
      end = i + (text.codePointAt(i) > 0xffff ? 2 : 1);
      while (end < text.length && mayMark(text.charCodeAt(end)) && mark.test(String.fromCodePoint(text.codePointAt(end)))) {
        end += text.codePointAt(end) > 0xffff ? 2 : 1;
      }
      for (const c of cluster(text.slice(i, end))) {
        if (c === "\n" || c === " ") {
          if (gap !== "\n") gap = c;
          continue;
        }
        if (last && (gap === "\n" || (gap && !wide.test(last) && !wide.test(c)))) {
          out += " ";
          from.push(i);
          to.push(i);
        }
        for (let k = 0; k < c.length; k++) {
          from.push(i);
          to.push(end);
        }
        out += c;
        last = c;
        gap = "";
      }
    }
    return { out, from, to };
  };

  const partOf = (gram, parts) => {
    let h = 2166136261;
    for (const c of gram) h = Math.imul(h ^ c.codePointAt(0), 16777619);
    h ^= h >>> 13;
    h = Math.imul(h, 0x5bd1e995);
    h ^= h >>> 15;
    return (h & (parts - 1)) >>> 0;
  };

  // The grams of a term that are looked up: three letters where there are such, and
  // of the pairs as many as cover it. The text says the rest.
  const gramsOf = (term, most) => {
    const all = new Set();
    for (const run of term.split(" ")) {
      const c = [...run];
      const latin = (i) => i >= 0 && i < c.length && alnum.test(c[i]);
      const covered = new Set();
      const take = (i, length) => {
        all.add(c.slice(i, i + length).join(""));
        for (let k = 0; k < length; k++) covered.add(i + k);
      };
      for (let i = 0; i + 2 < c.length; i++) {
        if (kana.test(c[i + 1]) && [c[i], c[i + 2]].every((r) => wide.test(r) && !kana.test(r))) take(i, 3);
      }
      for (let i = 0; i < c.length && c.length > 1; i++) {
        if (covered.has(i)) continue;
        if (latin(i) && latin(i + 1) && latin(i + 2)) take(i, 3);
        else if (latin(i) && latin(i - 1) && latin(i - 2)) take(i - 2, 3);
        else if (latin(i) && latin(i - 1) && latin(i + 1)) take(i - 1, 3);
        else take(i + 1 < c.length ? i : i - 1, 2);
      }
      // Few pairs with kana say little: all of them do.
      if (all.size < 3 && c.length > 3 && c.some((r) => kana.test(r))) c.slice(1).forEach((_, i) => take(i, 2));
    }
    let chosen = [...all];
    if (chosen.length > most) {
      const solid = chosen.filter((gram) => ![...gram].every((r) => kana.test(r)));
      if (solid.length > 1) chosen = solid;
    }
    if (chosen.length > most) {
      const step = (chosen.length - 1) / (most - 1 || 1);
      chosen = Array.from({ length: most }, (_, i) => chosen[Math.round(i * step)]);
    }
    return { grams: chosen, isExact: all.size === 1 && [...all][0] === term };
  };

  const maxTerms = 8, mostGrams = 5;

  // A query as terms with their grams; none if it is too short to be searched.
  const plan = (query) => {
    const words = query.slice(0, 100).split(/[\s\x85]+/).map((word) => fold(word).out).filter(Boolean);
    const terms = [...new Set(words)].slice(0, maxTerms);
    const most = Math.max(1, Math.floor(mostGrams / terms.length));
    const planned = terms.map((term) => ({ term, ...gramsOf(term, most) }));
    if (planned.length === 1 && [...terms[0]].length === 1 && wide.test(terms[0])) {
      planned[0].grams = [terms[0]]; // in titles and tags
    }
    return planned.some((t) => t.grams.length) ? planned : [];
  };

  const inflate = (blob) => new Response(blob.stream().pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer();

  const decoder = new TextDecoder();

  // An index: folder is where its files are, with a slash at the end.
  const open = ({ folder, generation, pages, parts, perBlock }, get = fetch) => {
    const wanted = parseInt(generation, 16);
    const files = new Map();

    // A file, read once, as read makes it.
    const load = (name, read) => {
      if (!files.has(name)) {
        const attempt = async (options) => {
          const response = await get(folder + name + "?v=" + generation, options);
          if (!response.ok) throw new Error(response.status === 404 ? "stale" : "error");
          return read(await response.blob());
        };
        // A part of another build is asked for again, past all caches.
        const file = attempt().catch((error) => {
          if (error.message !== "stale") throw error;
          return attempt({ cache: "reload" });
        });
        file.catch(() => files.delete(name));
        files.set(name, file);
      }
      return files.get(name);
    };

    const readPart = async (blob) => {
      const buffer = await inflate(blob);
      if (new DataView(buffer).getUint32(0, true) !== wanted) throw new Error("stale");
      const bytes = new Uint8Array(buffer), grams = new Map();
      let at = 4;
      const number = () => {
        let n = 0, shift = 1;
        for (; bytes[at] > 127; shift *= 128) n += (bytes[at++] - 128) * shift;
        return n + bytes[at++] * shift;
      };
      const piece = () => {
        const length = number();
        at += length;
        return bytes.subarray(at - length, at);
      };
      while (at < bytes.length) grams.set(decoder.decode(piece()), piece());
      return grams;
    };

    // Blocks are packed as what follows what they have in common, which is put before
    // them as a stored block (RFC 1951, section 3.2.4).
    const common = () => load("texts/common.bin", inflate);
    const readBlock = async (blob) => {
      const before = await common(), n = before.byteLength;
      const head = Uint8Array.of(0, n & 255, n >> 8, ~n & 255, (~n >> 8) & 255);
      const bytes = await inflate(new Blob([head, before, blob]));
      return JSON.parse(new TextDecoder("utf-16le").decode(bytes.slice(n)));
    };

    // The pages that hold all grams, best first.
    const candidates = async (planned) => {
      const names = [...new Set(planned.flatMap((t) => t.grams))];
      const lists = new Map();
      await Promise.all(names.map(async (gram) => {
        const part = await load("words/" + partOf(gram, parts) + ".bin", readPart);
        lists.set(gram, part.get(gram) || new Uint8Array());
      }).concat(common()));
      const met = new Uint8Array(pages), score = new Uint8Array(pages);
      let count = 0;
      for (const { grams } of planned) {
        const level = new Uint8Array(pages).fill(3);
        for (const gram of grams) {
          const list = lists.get(gram);
          for (let at = 0, page = 0; at < list.length;) {
            let n = 0, shift = 1;
            for (; list[at] > 127; shift *= 128) n += (list[at++] - 128) * shift;
            n += list[at++] * shift;
            page += Math.floor(n / 4);
            if (met[page] === count) {
              met[page]++;
              level[page] = Math.min(level[page], n % 4);
            }
          }
          count++;
        }
        for (let page = 0; page < pages; page++) score[page] += level[page];
      }
      const found = [];
      for (let page = 0; page < pages; page++) {
        if (met[page] === count) found.push(score[page] * pages + page);
      }
      return Float64Array.from(found).sort().reverse().map((key) => key % pages);
    };

    const texts = new Map();
    const pageAt = async (i) => {
      const block = Math.floor(i / perBlock);
      const list = await load("texts/" + Math.floor(block / 100) + "/" + block + ".bin", readBlock);
      if (!texts.has(i)) {
        const [url, title, label, day, seal, names, tags, text] = list[i % perBlock];
        const folded = [title, names, tags, text].map((field) => fold(field).out).join(" ");
        texts.set(i, { url, title, label, day, seal, names, tags, text, folded });
      }
      return texts.get(i);
    };

    // Searches, and gives the results a few at a time: more(n) returns the next
    // n, checked against their texts. about is how many there are; isExact says
    // whether that is known.
    const search = async (query) => {
      const planned = plan(query);
      if (!planned.length) return null;
      const found = await candidates(planned);
      let next = 0, refused = 0, shown = 0;
      const isSure = planned.every((t) => t.isExact);
      return {
        terms: planned.map((t) => t.term),
        about: () => found.length - refused,
        isExact: () => isSure || next >= found.length,
        isDone: () => next >= found.length,
        async more(n) {
          const results = [];
          for (let checked = 0; results.length < n && next < found.length && checked < (results.length ? 2 : 4) * n;) {
            const batch = [...found.slice(next, next + n - results.length)];
            const read = await Promise.all(batch.map(pageAt));
            next += batch.length;
            checked += batch.length;
            for (const page of read) {
              if (planned.every((t) => page.folded.includes(t.term))) results.push(page);
              else refused++;
            }
          }
          shown += results.length;
          return results;
        },
        shown: () => shown,
      };
    };
    return { search };
  };

  // Where the terms stand in text: [from, to] in order, none within another.
  const hitsIn = (text, terms) => {
    const { out, from, to } = fold(text);
    const hits = [];
    for (const term of terms) {
      for (let at = out.indexOf(term); at >= 0; at = out.indexOf(term, at + term.length)) {
        hits.push([from[at], to[at + term.length - 1], term]);
      }
    }
    hits.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
    return hits.filter((hit, i) => !hits.slice(0, i).some((other) => other[1] > hit[0]));
  };

  // The text around the first hits, as [from, to].
  const around = (text, hits, isWide) => {
    const before = isWide ? 30 : 60, length = isWide ? 110 : 220;
    if (!hits.length) return [[0, Math.min(text.length, length)]];
    const spans = [];
    const seen = new Set();
    for (const [from, to, term] of hits) {
      if (seen.has(term) || spans.length === 2) continue;
      seen.add(term);
      const last = spans[spans.length - 1];
      if (last && to <= last[1]) continue;
      spans.push([Math.max(last ? last[1] : 0, from - before), Math.min(text.length, Math.max(to, from - before + length))]);
    }
    if (spans.length === 2) spans.forEach((span, i) => (span[1] = Math.min(span[1], Math.max(span[0] + before + length / 3, span[0] + 60), text.length)));
    // Of Latin letters no word is cut, and no text begins with a comma.
    return spans.map(([from, to]) => {
      while (from > 0 && /[\w’'-]/.test(text[from]) && /[\w’'-]/.test(text[from - 1])) from--;
      while (to < text.length && /[\w’'-]/.test(text[to]) && /[\w’'-]/.test(text[to - 1])) to++;
      for (const [start, end] of hits) if (start < to && end > to) to = end; // nor a hit
      while (from < to && /[\s、。，．・,.;:)）」』]/.test(text[from])) from++;
      return [from, to];
    });
  };

  // Puts text from one place to another into an element, with the hits marked.
  const write = (element, text, hits, from = 0, to = text.length) => {
    for (const [start, end] of hits) {
      if (end <= from || start >= to) continue;
      element.append(text.slice(from, Math.max(from, start)));
      const marked = document.createElement("mark");
      marked.textContent = text.slice(Math.max(from, start), Math.min(end, to));
      element.append(marked);
      from = Math.min(end, to);
    }
    element.append(text.slice(from, to));
  };

  const start = (form) => {
    const say = form.dataset;
    const input = form.querySelector("input");
    const part = (name) => document.querySelector("[data-search=" + name + "]");
    const status = part("status"), list = part("results"), more = part("more"), template = part("result");
    const language = document.documentElement.lang;
    if (typeof DecompressionStream === "undefined") {
      status.textContent = say.old;
      return;
    }
    const index = open({ folder: say.index, generation: say.generation, pages: +say.pages, parts: +say.parts, perBlock: +say.perBlock });

    const dayOf = (day) => {
      const [y, m, d] = day.split("-").map(Number);
      if (language.startsWith("ja")) return y + "." + m + "." + d;
      return new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(Date.UTC(y, m - 1, d));
    };

    const show = (page, terms) => {
      const item = template.content.cloneNode(true);
      const field = (name, value, fill) => {
        const element = item.querySelector("[data-field=" + name + "]");
        if (!value) element.remove();
        else if (fill) fill(element);
        else element.textContent = value;
      };
      field("label", page.label);
      field("seal", page.seal);
      field("day", page.day, (element) => {
        element.dateTime = page.day;
        element.textContent = dayOf(page.day);
      });
      field("link", page.title, (element) => {
        element.href = page.url;
        write(element, page.title, hitsIn(page.title, terms));
      });
      const [short, long] = language.startsWith("ja") ? ["", "　"] : [" ", " · "];
      const text = page.text.replace(/([.!?。！？」…])?\n/g, (_, end) => (end ? end + short : long));
      const hits = hitsIn(text, terms);
      const names = page.names.split("\n").filter((name) => hitsIn(name, terms).length).join("、");
      field("names", names && !hits.length && names, (element) => write(element, names, hitsIn(names, terms)));
      field("text", text, (element) => {
        const spans = around(text, hits, wide.test(text.slice(0, 200)));
        if (spans[0][0] > 0) element.append("… ");
        spans.forEach(([from, to], i) => {
          if (i && from > spans[i - 1][1]) element.append(" … ");
          write(element, text, hits, from, to);
        });
        if (spans[spans.length - 1][1] < text.length) element.append(" …");
      });
      return item;
    };

    let run = 0, current = null;

    const count = () => {
      const n = current.about();
      const format = (text) => text.replace("{n}", n.toLocaleString(language));
      if (n === 0 || (!current.shown() && current.isDone())) return format(say.none);
      if (!current.isExact()) return format(say.about);
      return format(n === 1 ? say.one : say.many);
    };

    const add = async (mine, isFirst) => {
      const found = current;
      const results = await found.more(10);
      if (mine !== run) return;
      if (isFirst) list.replaceChildren();
      const before = list.children.length;
      list.append(...results.map((page) => show(page, found.terms)));
      list.hidden = !list.children.length;
      more.hidden = found.isDone();
      status.textContent = count();
      if (!isFirst && list.children[before]) list.children[before].querySelector("a").focus();
    };

    const fail = (mine, error) => {
      if (mine !== run) return;
      list.replaceChildren();
      list.hidden = more.hidden = true;
      status.textContent = navigator.onLine === false ? say.offline : error.message === "stale" ? say.stale : say.error;
    };

    const search = async () => {
      const mine = ++run;
      const query = input.value.trim();
      const url = new URL(location.href);
      if (query) url.searchParams.set("q", query);
      else url.searchParams.delete("q");
      if (url.href !== location.href) history.replaceState(history.state, "", url);
      try {
        const found = query ? await index.search(query) : null;
        if (mine !== run) return;
        if (!found) {
          list.replaceChildren();
          list.hidden = more.hidden = true;
          status.textContent = query ? say.short : "";
          return;
        }
        current = found;
        await add(mine, true);
      } catch (error) {
        fail(mine, error);
      }
    };

    let timer;
    const soon = (event) => {
      if (event.isComposing) return;
      clearTimeout(timer);
      timer = setTimeout(search, 40);
    };
    input.addEventListener("input", soon);
    input.addEventListener("compositionend", soon);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(timer);
      search();
      if (matchMedia("(pointer: coarse)").matches) input.blur();
    });
    more.addEventListener("click", () => add(run, false).catch((error) => fail(run, error)));

    // Arrows go from the field to the results and between them, Escape goes back.
    document.addEventListener("keydown", (event) => {
      if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const links = [...list.querySelectorAll("a")];
      const at = links.indexOf(document.activeElement);
      const isInput = document.activeElement === input;
      if (!isInput && at < 0) return;
      if (event.key === "ArrowDown" && links[at + 1]) links[at + 1].focus();
      else if (event.key === "ArrowUp" && at >= 0) (links[at - 1] || input).focus();
      else if (event.key === "Escape" && at >= 0) input.focus();
      else if (event.key === "Escape" && input.value) {
        input.value = "";
        search();
      } else return;
      event.preventDefault();
    });

    const asked = new URLSearchParams(location.search).get("q");
    if (asked) {
      input.value = asked;
      search();
    }
  };

  const form = typeof document === "object" && document.querySelector("form[data-index]");
  if (form) start(form);
  else if (typeof module === "object") module.exports = { fold, plan, open };
})();
