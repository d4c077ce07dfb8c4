// Asks the index of a built site, with the script of its search page, for words
// out of its pages, and prints a table of Markdown: what was found, and how much
// was read for it. With --pagefind DIR the same of Pagefind's index of the same
// texts, which `--texts DIR` has written as plain pages before.
//
//	node measure.mjs [--texts DIR] [--pagefind DIR] [--each N] SITE
//
// SITE is a tree as dist/public. Truth is what the pages' own texts hold (NFKC,
// lower case). Recall counts what is found at all, precision the first ten, bytes
// and files what is read for one query until ten results stand there, in a browser
// that knows nothing yet but the page and its script.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { quantile, queriesOf, read } from './queries.mjs';

const args = process.argv.slice(2);
const option = (name) => {
  const i = args.indexOf(name);
  return i < 0 ? undefined : args.splice(i, 2)[1];
};
const texts = option('--texts'), pagefind = option('--pagefind'), each = Number(option('--each') || 25);
const [site] = args;
if (!site) throw new Error('which site? see the head of this file');

const { shape, pages, language, script } = read(site);
const source = fs.readFileSync(script);
const copy = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'search-')), 'search.cjs');
fs.writeFileSync(copy, source);
const { open } = createRequire(import.meta.url)(copy);

if (texts) {
  const escape = (s) => s.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  for (const { url, title, raw } of pages) {
    const file = path.join(texts, url, 'index.html');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, `<!doctype html><html lang="${language}"><title>${escape(title)}</title><body data-pagefind-body><h1>${escape(title)}</h1>${raw.split('\n').map((line) => `<p>${escape(line)}</p>`).join('')}</body></html>`);
  }
  console.error(`${pages.length} pages written`);
  process.exit();
}

const queries = queriesOf(pages, each);

const counted = (counter) => async (url) => {
  const name = url.slice(shape.folder.length).split('?')[0];
  const data = fs.readFileSync(path.join(site, 'search', name));
  counter.bytes += data.length;
  counter.files++;
  return new Response(data);
};
const everything = { bytes: 0, files: 0 };
const warm = open(shape, counted(everything));
const holds = (query) => {
  const words = query.split(' ');
  return (p) => words.every((word) => p.text.includes(word));
};
const byURL = new Map(pages.map((p) => [p.url, p]));

const own = async (query) => {
  const counter = { bytes: 0, files: 0 };
  const cold = await open(shape, counted(counter)).search(query);
  const first = (await cold.more(10)).map((p) => p.url);
  const known = await warm.search(query);
  const all = [];
  while (!known.isDone()) all.push(...(await known.more(500)).map((p) => p.url));
  return { first, all, ...counter };
};

// Pagefind's script, in Node: it takes a URL for its files.
const other = async () => {
  const counter = { bytes: 0, files: 0 };
  globalThis.fetch = async (url) => {
    const file = path.join(pagefind, String(url).replace(/^.*\/pagefind\//, '').split('?')[0]);
    const data = fs.readFileSync(file);
    counter.bytes += data.length;
    counter.files++;
    return new Response(data, { headers: { 'content-type': file.endsWith('.json') ? 'application/json' : 'application/wasm' } });
  };
  globalThis.window ??= globalThis;
  globalThis.location ??= { href: 'http://localhost/', origin: 'http://localhost' };
  globalThis.document ??= { querySelector: () => ({ getAttribute: () => 'ja' }), currentScript: null };
  const { createInstance } = await import(pathToFileURL(path.join(pagefind, 'pagefind.js')).href);
  return { counter, make: async () => {
    const instance = createInstance({ basePath: 'http://localhost/pagefind/', noWorker: true });
    await instance.init?.();
    return instance;
  } };
};

// Of Pagefind's results each is a file: so many are read for its recall.
const most = 100;

const median = (list) => quantile(list, 0.5);
const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
const kb = (n) => (n / 1000).toFixed(1);
const all = { recall: [], precision: [], bytes: [], files: [] };
console.log('| kind | queries | recall | precision at 10 | KB a query: median | most | files |\n|---|---|---|---|---|---|---|');
const pf = pagefind && (await other());
let firstLoad = 0;
for (const [kind, list] of Object.entries(queries)) {
  if (!list.length) continue;
  const got = { recall: [], precision: [], bytes: [], files: [] };
  for (const query of list) {
    let result;
    if (pf) {
      pf.counter.bytes = pf.counter.files = 0;
      const instance = await pf.make();
      const loaded = pf.counter.bytes;
      firstLoad = Math.max(firstLoad, loaded);
      const { results } = await instance.search(query);
      const first = await Promise.all(results.slice(0, 10).map((r) => r.data()));
      const { bytes, files } = pf.counter;
      const rest = await Promise.all(results.slice(0, most).map((r) => r.data()));
      result = { first: first.map((r) => r.url), all: rest.map((r) => r.url), bytes: bytes - loaded, files };
    } else result = await own(query);
    const truth = pages.filter(holds(query));
    const found = new Set(result.all.filter((url) => byURL.has(url) && holds(query)(byURL.get(url))));
    got.recall.push(truth.length ? found.size / (pf ? Math.min(truth.length, most) : truth.length) : 1);
    if (process.env.VERBOSE && found.size < truth.length) console.error(kind, JSON.stringify(query), found.size, truth.length);
    got.precision.push(result.first.length ? result.first.filter((url) => holds(query)(byURL.get(url))).length / result.first.length : truth.length ? 0 : 1);
    if (process.env.VERBOSE && !result.first.length) console.error(kind, query, truth.length, result.all.length);
    got.bytes.push(result.bytes);
    got.files.push(result.files);
  }
  for (const key in all) all[key].push(...got[key]);
  console.log(`| ${kind} | ${list.length} | ${mean(got.recall).toFixed(3)} | ${mean(got.precision).toFixed(3)} | ${kb(median(got.bytes))} | ${kb(Math.max(...got.bytes))} | ${median(got.files)} |`);
}
console.log(`| all | ${all.bytes.length} | ${mean(all.recall).toFixed(3)} | ${mean(all.precision).toFixed(3)} | ${kb(median(all.bytes))} | ${kb(Math.max(...all.bytes))} | ${median(all.files)} |`);
const tree = (dir) => fs.readdirSync(dir, { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).map((e) => fs.statSync(path.join(e.parentPath, e.name)).size);
const sizes = tree(pagefind || path.join(site, 'search'));
console.log(`\n${pages.length} pages; index ${kb(sizes.reduce((a, b) => a + b, 0) / 1000)} MB in ${sizes.length} files;` +
  (pf ? ` first load ${kb(firstLoad)} KB and the script` : ` script ${kb(zlib.gzipSync(source).length)} KB compressed, ${kb(source.length)} KB as it is, nothing else before the first query`));
