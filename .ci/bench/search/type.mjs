// Types words out of a site's pages into its search page, in a Chromium whose
// processor is slowed down, and prints how long it takes until the first result
// and all ten are on the screen, as a table of Markdown.
//
//	node type.mjs [--rates 4,6] [--each N] [--profile FILE] SITE ...
//
// SITE is a tree as dist/public, served from this machine without a cache. Times are
// in milliseconds, from the event of the last letter (the whole query comes at
// once, so that nothing of it was read before) to the frame that shows it. Of
// four queries in a row the first is the first on its page. CHROMIUM names the
// browser. FILE is a profile of the page's script for the browser's own tools.
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { quantile, queriesOf, read } from './queries.mjs';

const args = process.argv.slice(2);
const option = (name, usual) => {
  const i = args.indexOf(name);
  return i < 0 ? usual : args.splice(i, 2)[1];
};
const rates = option('--rates', '4,6').split(',').map(Number), each = Number(option('--each', 8)), profile = option('--profile');
const inARow = 4;
const keyboard = 400; // milliseconds from the tap on the field to the first letter
if (!args.length) throw new Error('which site? see the head of this file');

const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const serve = (site) => new Promise((resolve) => {
  const server = http.createServer((request, response) => {
    const name = path.join(site, decodeURIComponent(request.url.split('?')[0]).replace(/\/$/, '/index.html'));
    fs.readFile(name, (error, data) => {
      response.writeHead(error ? 404 : 200, { 'content-type': types[path.extname(name)] || 'application/octet-stream' });
      response.end(data);
    });
  }).listen(0, '127.0.0.1', () => resolve(server));
});

// browse starts the browser, and returns how it is told things and how it is ended.
const browse = async () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'search-browser-'));
  const child = spawn(process.env.CHROMIUM || 'chromium', ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-pipe', '--disable-extensions',
    '--no-first-run', '--user-data-dir=' + home, 'about:blank'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const waiting = new Map();
  let rest = '', last = 0, session;
  child.stdio[4].setEncoding('utf8').on('data', (text) => {
    const messages = (rest + text).split('\0');
    rest = messages.pop();
    for (const message of messages.map((m) => JSON.parse(m))) {
      const { resolve, reject } = waiting.get(message.id) || {};
      waiting.delete(message.id);
      if (message.error) reject?.(new Error(JSON.stringify(message.error)));
      else resolve?.(message.result);
    }
  });
  const send = (method, params = {}) => new Promise((resolve, reject) => {
    waiting.set(++last, { resolve, reject });
    child.stdio[3].write(JSON.stringify({ id: last, method, params, sessionId: session }) + '\0');
  });
  const { targetInfos } = await send('Target.getTargets');
  const { targetId } = targetInfos.find((target) => target.type === 'page');
  ({ sessionId: session } = await send('Target.attachToTarget', { targetId, flatten: true }));
  const ask = async (expression) => {
    const { result, exceptionDetails } = await send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
    return result.value;
  };
  const end = () => new Promise((resolve) => {
    child.on('exit', () => sleep(500).then(() => resolve(fs.rmSync(home, { recursive: true, force: true, maxRetries: 5 }))));
    child.kill();
  });
  return { send, ask, end };
};

// watch is what the page notes: when the last letter came, and when the frames
// were on the screen that show the first and the last of what it brought.
const watch = `
addEventListener("input", (event) => { seen = { from: event.timeStamp, first: 0, last: 0 }; }, true);
let seen = null;
addEventListener("DOMContentLoaded", () => {
  const list = document.querySelector("[data-search=results]"), status = document.querySelector("[data-search=status]");
  const observer = new MutationObserver((changes) => {
    const mine = seen;
    if (!mine || !(list.children.length || status.textContent)) return;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => { mine.last = performance.now(); mine.first ||= mine.last; };
      channel.port2.postMessage(0);
    });
  });
  observer.observe(list, { childList: true });
  observer.observe(status, { childList: true });
});`;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// type measures all queries at one rate.
const type = async (tab, address, queries, rate) => {
  await tab.send('Emulation.setCPUThrottlingRate', { rate });
  const times = { first: [], later: [] };
  for (const [i, query] of queries.entries()) {
    if (i % inARow === 0) {
      await tab.send('Page.navigate', { url: address + '/search/' });
      while (!(await tab.ask('document.readyState === "complete" && !!document.querySelector("#search-q")'))) await sleep(20);
      await sleep(300);
      await tab.ask('document.querySelector("#search-q").focus()');
      await sleep(keyboard);
    } else await tab.ask('document.querySelector("#search-q").select()');
    await tab.send('Input.insertText', { text: query });
    let got;
    for (let before = -1; !got || !got.last || got.last !== before;) {
      before = got?.last;
      await sleep(150);
      got = await tab.ask('seen');
    }
    times[i % inARow ? 'later' : 'first'].push({ query, first: got.first - got.from, last: got.last - got.from });
  }
  return times;
};

console.log('| pages | rate | queries | first result: median | 90th | most | all ten: median | 90th | most |\n|---|---|---|---|---|---|---|---|---|');
const tab = await browse();
for (const site of args) {
  const { pages } = read(site);
  const kinds = Object.values(queriesOf(pages, each));
  const queries = Array.from({ length: each }, (_, i) => kinds.map((list) => list[i])).flat().filter(Boolean);
  const server = await serve(site);
  const address = 'http://127.0.0.1:' + server.address().port;
  for (const domain of ['Page', 'Network', 'Profiler']) await tab.send(domain + '.enable');
  await tab.send('Network.setCacheDisabled', { cacheDisabled: true });
  await tab.send('Emulation.setDeviceMetricsOverride', { width: 375, height: 667, deviceScaleFactor: 2, mobile: true });
  await tab.send('Page.addScriptToEvaluateOnNewDocument', { source: watch });
  await type(tab, address, queries.slice(0, inARow), 1); // the browser itself is warm then
  if (profile) {
    await tab.send('Profiler.setSamplingInterval', { interval: 100 });
    await tab.send('Profiler.start');
  }
  for (const rate of rates) {
    for (const [which, list] of Object.entries(await type(tab, address, queries, rate))) {
      const cells = ['first', 'last'].flatMap((key) => [0.5, 0.9, 1].map((q) => Math.round(quantile(list.map((t) => t[key]), q))));
      console.log(`| ${pages.length} | ${rate}× | ${list.length} ${which} | ${cells.join(' | ')} |`);
      if (process.env.VERBOSE) for (const t of list) console.error(which, t.query, Math.round(t.first), Math.round(t.last));
    }
  }
  if (profile) fs.writeFileSync(profile, JSON.stringify((await tab.send('Profiler.stop')).profile));
  server.close();
  server.closeAllConnections();
}
await tab.end();
