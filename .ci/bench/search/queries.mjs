// What the measurements of search have in common: the texts of a built site, and
// words out of them.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

// read returns the shape of the index of a tree as dist/public, its pages, and
// the script of its search page.
export const read = (site) => {
  const page = fs.readFileSync(path.join(site, 'search/index.html'), 'utf8');
  const attribute = (name) => new RegExp(` data-${name}="([^"]*)"`).exec(page)[1];
  const shape = {
    folder: attribute('index'), generation: attribute('generation'),
    pages: Number(attribute('pages')), parts: Number(attribute('parts')), perBlock: Number(attribute('per-block')),
  };
  const pages = [];
  const common = zlib.inflateRawSync(fs.readFileSync(path.join(site, 'search/texts/common.bin')));
  for (let block = 0; block * shape.perBlock < shape.pages; block++) {
    const file = path.join(site, 'search/texts', String(Math.floor(block / 100)), block + '.bin');
    const list = JSON.parse(zlib.inflateRawSync(fs.readFileSync(file), { dictionary: common }).toString('utf16le'));
    for (const [url, title, , , , names, tags, text] of list) pages.push({ url, title, text: plain([title, names, tags, text].join('\n')), raw: [names, tags, text].join('\n') });
  }
  return { shape, pages, language: / lang="(\w+)"/.exec(page)[1], script: path.join(site, /src="[^"]*(assets\/search\.\w+\.js)"/.exec(page)[1]) };
};

// plain is the form in which texts are compared.
const plain = (text) => text.normalize('NFKC').toLowerCase();

const han = '[\\p{sc=Han}々]';
const kinds = {
  '2 kanji': `(?<!${han})${han}{2}(?!${han})`,
  '3 kanji': `(?<!${han})${han}{3}(?!${han})`,
  '4 kanji': `(?<!${han})${han}{4}(?!${han})`,
  '5–7 kanji': `(?<!${han})${han}{5,7}(?!${han})`,
  'inside a compound': `(?<=${han})${han}{2,3}(?=${han})`,
  katakana: '(?<![\\p{sc=Katakana}ー])[\\p{sc=Katakana}ー]{3,12}(?![\\p{sc=Katakana}ー])',
  'kanji–kana–kanji': `${han}{1,2}\\p{sc=Hiragana}{1,3}${han}{1,2}`,
  'X の Y': `[\\p{sc=Han}\\p{sc=Katakana}ー]{2,4}の[\\p{sc=Han}\\p{sc=Katakana}ー]{2,4}`,
  Latin: '(?<![a-z0-9])[a-z]{3,}(?![a-z0-9])',
  'two words': null,
};

// queriesOf returns queries of each kind, at most each, out of pages: the same on
// every machine.
export const queriesOf = (pages, each) => {
  let seed = 7; // splitmix32
  const random = (n) => {
    seed = (seed + 0x9e3779b9) | 0;
    let z = seed;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) % n;
  };
  const queries = {};
  for (const [kind, pattern] of Object.entries(kinds)) {
    const found = new Set();
    for (let tries = 0; found.size < each && tries < 40 * each; tries++) {
      const { text } = pages[random(pages.length)];
      if (!pattern) {
        const words = [...text.matchAll(new RegExp(kinds['2 kanji'] + '|' + kinds.katakana, 'gu'))].map((m) => m[0]);
        if (words.length > 5) found.add(words[random(words.length)] + ' ' + words[random(words.length)]);
        continue;
      }
      const all = [...text.matchAll(new RegExp(pattern, 'gu'))];
      if (all.length) found.add(all[random(all.length)][0]);
    }
    queries[kind] = [...found];
  }
  return queries;
};

// quantile returns that of a list: 0.5 is the median.
export const quantile = (list, q) => list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * q))];
