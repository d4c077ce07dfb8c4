/*
 * The search page: reads the index that the site has below /search/, without a
 * server. What the files hold is told in generator/search, which folds texts in
 * the same way; a test compares the two.
 */
"use strict";
(() => {
  const variants = "σς dđð hħ iı lł nŋ oø tŧ 高髙 崎﨑嵜碕埼 吉𠮷 辺邉邊 斎斉齋齊 浜濱濵 沢澤 島嶋嶌 広廣 真眞 徳德 瀬瀨 国國圀 桜櫻 恵惠 竜龍 曽曾 寿壽 条條 万萬 実實 関關 蔵藏 槇槙 栄榮 豊豐 静靜 礼禮 芦蘆 桧檜 滝瀧 鉄鐵鉃 渋澁 黒黑 青靑 亀龜 円圓 会會 学學斈 晃晄 薮藪籔 館舘 峰峯 船舩 柳栁桺 穂穗 緑綠 遥遙 凛凜 富冨 郎郞 来來 総總 芸藝 当當 台臺 体體 声聲 図圖 団團 旧舊 駅驛 県縣 横橫 応應 歩步 戸戶 尚尙 弥彌 祢禰 桑桒 梅楳 鶴靏鸖 鷲鵰 賢贒 啓啟 兎兔 鴎鷗 蝋蠟 頬頰";

  // What becomes of each letter of the first plane that stands alone: its code, or one
  // of these; 0: not known yet.
  const nothing = 1, blank = 2, wall = 3, several = 4;
  const table = new Uint16Array(0x10000);
  const plain = new Map();
  for (const [first, ...others] of variants.split(" ").map((group) => [...group])) {
    for (const other of others) {
      plain.set(other, first);
      if (other.length === 1) table[other.charCodeAt(0)] = first.charCodeAt(0);
    }
  }
  const dropped = /[\u0300-\u036f\ufe00-\ufe0f\u{e0100}-\u{e01ef}\u200b-\u200f\ufeff\xad]/gu;
  const letter = /[\p{L}\p{N}\p{M}&+#]/u;
  const mark = /^[\p{M}\uff9e\uff9f]/u;
  const isWide = (c) => (c > 0x3004 && c < 0x3008) || (c > 0x303f && c < 0x3100) || (c > 0x33ff && c < 0xa000) || (c > 0xf8ff && c < 0xfb00) || c > 0x1ffff;
  const isKana = (c) => c > 0x303f && c < 0x3100;
  const isHan = (c) => isWide(c) && !isKana(c);
  const isAlnum = (c) => (c > 0x2f && c < 0x3a) || (c > 0x60 && c < 0x7b);
  const code = (text) => text.codePointAt(0);
  const space = /[\s\x85]/;

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

  const look = (c) => {
    if ((c > 0x3040 && c < 0x3097) || (c > 0x4dff && c < 0x9ffd)) table[c] = c; // most of a Japanese text
    else if (c > 0x30a0 && c < 0x30f7) table[c] = c - 0x60;
    else {
      const out = cluster(String.fromCharCode(c));
      table[c] = out === "" ? nothing : out === " " ? blank : out === "\n" ? wall : out.length > 1 ? several : out.charCodeAt(0);
    }
    return table[c];
  };

  // Which letters of the first plane are marks, and belong to the one before: 1 none,
  // 2 one; 0: not known yet.
  const marks = new Uint8Array(0x10000);
  const markAt = (text, i) => {
    const c = text.charCodeAt(i);
    if (c < 0x300) return 0;
    if (c > 0xd7ff && c < 0xdc00) return mark.test(text.slice(i, i + 2)) ? 2 : 0;
    marks[c] ||= mark.test(text[i]) ? 2 : 1;
    return marks[c] - 1;
  };

  // The folded text, and from and to where in text each of its units stands.
  const fold = (text) => {
    const units = [], from = [], to = [];
    let last = 0, gap = 0, i = 0, end = 0;
    const add = (c) => {
      if (c <= wall) {
        if (c > gap && c !== nothing) gap = c;
        return;
      }
      if (last && gap && (gap === wall || !(isWide(last) || isWide(c)))) {
        units.push(32);
        from.push(i);
        to.push(i);
      }
      if (c > 0xffff) {
        units.push(0xd800 + ((c - 0x10000) >> 10), 0xdc00 + (c & 0x3ff));
        from.push(i);
        to.push(end);
      } else units.push(c);
      from.push(i);
      to.push(end);
      last = c;
      gap = 0;
    };
    for (; i < text.length; i = end) {
      const c = text.charCodeAt(i);
      end = i + (c > 0xd7ff && c < 0xdc00 && text.codePointAt(i) > 0xffff ? 2 : 1);
      for (let n; end < text.length && (n = markAt(text, end)); end += n);
      const one = end === i + 1 ? table[c] || look(c) : several;
      if (one !== several) add(one);
      else for (const r of cluster(text.slice(i, end))) add(r === "\n" ? wall : r === " " ? blank : code(r));
    }
    let out = "";
    for (let k = 0; k < units.length; k += 4096) out += String.fromCharCode.apply(null, units.slice(k, k + 4096));
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
      const latin = (i) => i >= 0 && i < c.length && isAlnum(code(c[i]));
      const covered = new Set();
      const take = (i, length) => {
        all.add(c.slice(i, i + length).join(""));
        for (let k = 0; k < length; k++) covered.add(i + k);
      };
      for (let i = 0; i + 2 < c.length; i++) {
        if (isKana(code(c[i + 1])) && isHan(code(c[i])) && isHan(code(c[i + 2]))) take(i, 3);
      }
      for (let i = 0; i < c.length && c.length > 1; i++) {
        if (covered.has(i)) continue;
        if (latin(i) && latin(i + 1) && latin(i + 2)) take(i, 3);
        else if (latin(i) && latin(i - 1) && latin(i - 2)) take(i - 2, 3);
        else if (latin(i) && latin(i - 1) && latin(i + 1)) take(i - 1, 3);
        else take(i + 1 < c.length ? i : i - 1, 2);
      }
      // Few pairs with kana say little: all of them do.
      if (all.size < 3 && c.length > 3 && c.some((r) => isKana(code(r)))) c.slice(1).forEach((_, i) => take(i, 2));
    }
    let chosen = [...all];
    if (chosen.length > most) {
      const solid = chosen.filter((gram) => ![...gram].every((r) => isKana(code(r))));
      if (solid.length > 1) chosen = solid;
    }
    if (chosen.length > most) {
      const step = (chosen.length - 1) / (most - 1 || 1);
      chosen = Array.from({ length: most }, (_, i) => chosen[Math.round(i * step)]);
    }
    return { grams: chosen, isExact: all.size === 1 && [...all][0] === term };
  };

  const maxTerms = 8, mostGrams = 5;
  const screen = 3; // results that a phone shows at once

  // A query as terms with their grams; none if it is too short to be searched.
  const plan = (query) => {
    const words = query.slice(0, 100).split(/[\s\x85]+/).map((word) => fold(word).out).filter(Boolean);
    const terms = [...new Set(words)].slice(0, maxTerms);
    const most = Math.max(1, Math.floor(mostGrams / terms.length));
    const planned = terms.map((term) => ({ term, ...gramsOf(term, most) }));
    if (planned.length === 1 && [...terms[0]].length === 1 && isWide(code(terms[0]))) {
      planned[0].grams = [terms[0]]; // in titles and tags
    }
    return planned.some((t) => t.grams.length) ? planned : [];
  };

  // Unpacks deflate (RFC 1951) that is packed as what follows before. Streams of the
  // browser take some five turns through its threads for each file, which on a phone
  // is many times as long as the work itself.
  const inflate = (data, before = new Uint8Array()) => {
    let out = new Uint8Array(before.length + 8 * data.length + 512), size = before.length;
    let at = 0, held = 0, count = 0; // bits that are read, and not used yet
    out.set(before);
    const need = (n) => {
      for (; count < n; count += 8) held |= data[at++] << count;
      if (at > data.length + 4) throw new Error("cut off");
    };
    const drop = (n) => {
      held >>>= n;
      count -= n;
    };
    const bits = (n) => {
      need(n);
      const got = held & ((1 << n) - 1);
      drop(n);
      return got;
    };
    const room = (n) => {
      if (size + n <= out.length) return;
      const small = out;
      out = new Uint8Array(2 * (size + n));
      out.set(small);
    };
    // The codes of a tree, by the bits that come: symbol << 4 | length.
    const tree = (lengths) => {
      const longest = Math.max(...lengths), codes = new Uint16Array(1 << longest);
      const counts = new Uint16Array(16), next = new Uint16Array(16);
      for (const length of lengths) if (length) counts[length]++;
      for (let length = 1; length < 16; length++) next[length] = (next[length - 1] + counts[length - 1]) << 1;
      lengths.forEach((length, symbol) => {
        if (!length) return;
        let turned = 0;
        for (let k = 0, c = next[length]++; k < length; k++, c >>= 1) turned = (turned << 1) | (c & 1);
        for (; turned < codes.length; turned += 1 << length) codes[turned] = (symbol << 4) | length;
      });
      return { codes, longest };
    };
    const read = ({ codes, longest }) => {
      need(longest);
      const entry = codes[held & (codes.length - 1)];
      if (!entry) throw new Error("no code");
      drop(entry & 15);
      return entry >> 4;
    };
    const trees = () => {
      const literals = bits(5) + 257, distances = bits(5) + 1, lengths = [], own = Array(19).fill(0);
      const order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
      for (let i = 0, n = bits(4) + 4; i < n; i++) own[order[i]] = bits(3);
      for (const lengthTree = tree(own); lengths.length < literals + distances;) {
        const s = read(lengthTree);
        const value = s < 16 ? s : s === 16 ? lengths[lengths.length - 1] : 0;
        for (let n = s < 16 ? 1 : s === 16 ? bits(2) + 3 : s === 17 ? bits(3) + 3 : bits(7) + 11; n; n--) lengths.push(value);
      }
      return [tree(lengths.slice(0, literals)), tree(lengths.slice(literals))];
    };
    const stored = () => {
      drop(count & 7);
      const n = bits(16);
      bits(16); // the same, inverted
      at -= count >> 3;
      held = count = 0;
      if (at + n > data.length) throw new Error("cut off");
      room(n);
      out.set(data.subarray(at, at + n), size);
      at += n;
      size += n;
    };
    for (let isLast = 0; !isLast;) {
      isLast = bits(1);
      const kind = bits(2);
      if (kind === 0) {
        stored();
        continue;
      }
      const lengths = Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8));
      const [literals, distances] = kind === 1 ? [tree(lengths), tree(Array(30).fill(5))] : trees();
      for (let s; (s = read(literals)) !== 256;) {
        room(258);
        if (s < 256) {
          out[size++] = s;
          continue;
        }
        s -= 257;
        let n = s + 3;
        if (s === 28) n = 258;
        else if (s > 7) n = (((s & 3) | 4) << ((s >> 2) - 1)) + bits((s >> 2) - 1) + 3;
        const d = read(distances);
        const back = d < 4 ? d + 1 : (((d & 1) | 2) << ((d >> 1) - 1)) + bits((d >> 1) - 1) + 1;
        if (back > size) throw new Error("too far back");
        for (; n; n--, size++) out[size] = out[size - back];
      }
    }
    return out.subarray(before.length, size);
  };

  const toUTF8 = new TextEncoder(), fromUTF16 = new TextDecoder("utf-16le");

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
          return read(new Uint8Array(await response.arrayBuffer()));
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

    const readPart = (packed) => {
      const part = inflate(packed);
      if (new DataView(part.buffer, part.byteOffset).getUint32(0, true) !== wanted) throw new Error("stale");
      return part;
    };

    // The postings of a gram in a part.
    const postings = (part, gram) => {
      const name = toUTF8.encode(gram);
      let at = 4;
      const number = () => {
        let n = 0, shift = 0;
        for (; part[at] > 127; shift += 7) n |= (part[at++] & 127) << shift;
        return n | (part[at++] << shift);
      };
      while (at < part.length) {
        const length = number(), from = at;
        at += length;
        const size = number();
        if (length === name.length && name.every((b, i) => b === part[from + i])) return part.subarray(at, at + size);
        at += size;
      }
      return new Uint8Array();
    };

    // Blocks are packed as what follows what they have in common.
    const common = () => load("texts/common.bin", inflate);
    const readBlock = async (packed) => JSON.parse(fromUTF16.decode(inflate(packed, await common())));

    // What every query needs, before the first one, as a page that is none: whoever
    // shows it to nobody has called once what is slow when it is called first, and
    // knows most letters of a Japanese text.
    const prepare = async () => {
      const title = "の", text = fromUTF16.decode(await common());
      return { url: "", title, label: title, day: "2026-01-01", seal: "", names: "", text, folded: { title: fold(title), text: fold(text) } };
    };

    // The pages that hold all grams, best first.
    const candidates = async (planned) => {
      const names = [...new Set(planned.flatMap((t) => t.grams))];
      const lists = new Map();
      await Promise.all(names.map(async (gram) => {
        const part = await load("words/" + partOf(gram, parts) + ".bin", readPart);
        lists.set(gram, postings(part, gram));
      }).concat(common()));
      const met = new Uint8Array(pages), score = new Uint8Array(pages);
      let count = 0;
      for (const { grams } of planned) {
        const level = new Uint8Array(pages).fill(3);
        for (const gram of grams) {
          const list = lists.get(gram);
          for (let at = 0, page = 0; at < list.length;) {
            let n = 0, shift = 0;
            for (; list[at] > 127; shift += 7) n |= (list[at++] & 127) << shift;
            n |= list[at++] << shift;
            page += n >> 2;
            if (met[page] === count) {
              met[page]++;
              level[page] = Math.min(level[page], n & 3);
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
        const folded = [title, names, tags, text].map(fold);
        texts.set(i, { url, title, label, day, seal, names, text, folded: { title: folded[0], text: folded[3] }, all: folded.map(({ out }) => out).join(" ") });
      }
      return texts.get(i);
    };

    // Searches, and gives the results a few at a time: more(n) returns the next
    // n, checked against their texts, and calls show for each as soon as it is known;
    // it ends when that returns false. The texts of the first screen come before those
    // of the others. about is how many there are; isExact says whether that is known.
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
        async more(n, show = () => true) {
          const results = [];
          for (let checked = 0; results.length < n && next < found.length && checked < (results.length ? 2 : 4) * n;) {
            const many = next ? n - results.length : Math.min(n, screen);
            const batch = [...found.slice(next, next + many)].map(pageAt);
            Promise.all(batch).catch(() => {}); // the first that fails is thrown below
            for (const read of batch) {
              const page = await read;
              next++;
              checked++;
              if (!planned.every((t) => page.all.includes(t.term))) {
                refused++;
                continue;
              }
              results.push(page);
              shown++;
              if ((await show(page)) === false) return results;
            }
          }
          return results;
        },
        shown: () => shown,
      };
    };
    return { search, prepare };
  };

  // Where the terms stand in a text that is folded: [from, to] in order, none within
  // another.
  const hitsIn = ({ out, from, to }, terms) => {
    const hits = [];
    for (const term of terms) {
      for (let at = out.indexOf(term); at >= 0; at = out.indexOf(term, at + term.length)) {
        hits.push([from[at], to[at + term.length - 1], term]);
      }
    }
    hits.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
    let end = 0;
    return hits.filter((hit) => hit[0] >= end && (end = hit[1]));
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

  // Puts text from one place to another into an element, with the hits marked; all
  // between them as tidy says.
  const write = (element, text, hits, from = 0, to = text.length, tidy = (part) => part) => {
    for (const [start, end] of hits) {
      if (end <= from || start >= to) continue;
      element.append(tidy(text.slice(from, Math.max(from, start))));
      const marked = document.createElement("mark");
      marked.textContent = text.slice(Math.max(from, start), Math.min(end, to));
      element.append(marked);
      from = Math.min(end, to);
    }
    element.append(tidy(text.slice(from, to)));
  };

  // The next frame: what is there by now is on the screen.
  const frame = () => new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, 100); // there are no frames in the background
  });

  const start = (form) => {
    const say = form.dataset;
    const input = form.querySelector("input");
    const part = (name) => document.querySelector("[data-search=" + name + "]");
    const status = part("status"), list = part("results"), more = part("more"), template = part("result");
    const language = document.documentElement.lang;
    const index = open({ folder: say.index, generation: say.generation, pages: +say.pages, parts: +say.parts, perBlock: +say.perBlock });

    let days; // made once: it takes longer than all else
    const dayOf = (day) => {
      const [y, m, d] = day.split("-").map(Number);
      if (language.startsWith("ja")) return y + "." + m + "." + d;
      days ||= new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
      return days.format(Date.UTC(y, m - 1, d));
    };
    const [short, long] = language.startsWith("ja") ? ["", "　"] : [" ", " · "];
    const tidy = (text) => text.replace(/([.!?。！？」…])?\n/g, (_, end) => (end ? end + short : long));

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
        write(element, page.title, hitsIn(page.folded.title, terms));
      });
      const text = page.text, hits = hitsIn(page.folded.text, terms);
      const names = page.names.split("\n").filter((name) => hitsIn(fold(name), terms).length).join("、");
      field("names", names && !hits.length && names, (element) => write(element, names, hitsIn(fold(names), terms)));
      field("text", text, (element) => {
        const spans = around(text, hits, [...text.slice(0, 200)].some((r) => isWide(code(r))));
        if (spans[0][0] > 0) element.append("… ");
        spans.forEach(([from, to], i) => {
          if (i && from > spans[i - 1][1]) element.append(" … ");
          write(element, text, hits, from, to, tidy);
        });
        if (spans[spans.length - 1][1] < text.length) element.append(" …");
      });
      return item;
    };

    let run = 0, current = null;

    const count = () => {
      const n = current.about();
      const format = (text) => text.replace("{n}", n < 1000 ? n : n.toLocaleString(language));
      if (n === 0 || (!current.shown() && current.isDone())) return format(say.none);
      if (!current.isExact()) return format(say.about);
      return format(n === 1 ? say.one : say.many);
    };

    const clear = () => {
      list.replaceChildren();
      list.hidden = more.hidden = true;
    };

    // Shows ten results, each as soon as its text is there. Others than those of the
    // first screen wait until that is painted.
    const add = async (mine, isFirst) => {
      const found = current, before = isFirst ? 0 : list.children.length;
      let added = 0;
      await found.more(10, (page) => {
        if (mine !== run) return false;
        if (isFirst && !added) clear();
        list.append(show(page, found.terms));
        list.hidden = false;
        return ++added === screen ? frame() : true;
      });
      if (mine !== run) return;
      if (isFirst && !added) clear();
      more.hidden = found.isDone();
      status.textContent = count();
      if (!isFirst && list.children[before]) list.children[before].querySelector("a").focus();
    };

    const fail = (mine, error) => {
      if (mine !== run) return;
      clear();
      status.textContent = navigator.onLine === false ? say.offline : error.message === "stale" ? say.stale : say.error;
    };

    const keep = (query) => {
      const url = new URL(location.href);
      if (query) url.searchParams.set("q", query);
      else url.searchParams.delete("q");
      if (url.href !== location.href) history.replaceState(history.state, "", url);
    };

    const search = async () => {
      const mine = ++run;
      const query = input.value.trim();
      try {
        const found = query ? await index.search(query) : null;
        if (mine !== run) return;
        if (found) {
          current = found;
          await add(mine, true);
        } else {
          clear();
          status.textContent = query ? say.short : "";
        }
      } catch (error) {
        fail(mine, error);
      }
      if (mine === run) keep(query);
    };

    // At once: what was asked before stops where it waits.
    const changed = (event) => {
      if (!event.isComposing) search();
    };
    input.addEventListener("input", changed);
    input.addEventListener("compositionend", changed);
    input.addEventListener("focus", () => index.prepare().then((page) => show(page, [page.title])).catch(() => {}), { once: true });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
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
  else if (typeof module === "object") module.exports = { fold, inflate, open };
})();
