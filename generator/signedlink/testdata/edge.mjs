// Runs the edge's files for the tests of package signedlink: a task as JSON on
// stdin, what comes of it as JSON on stdout. It judges nothing.
import { readFileSync } from "node:fs";
import { readKeys, readRoster, reader, verify } from "./verify.js";
import { gate } from "./worker.js";

const task = JSON.parse(readFileSync(0, "utf8"));
const results = [];

if (task.checks) {
  const keys = await readKeys(task.keys);
  const roster = readRoster(task.roster);
  for (const check of task.checks) {
    const claims = await verify(check.token, { origin: task.origin, keys, now: check.now, want: check.want });
    results.push({ claims, reader: reader(claims, roster) });
  }
}

if (task.requests) {
  const files = task.files;
  const handler = gate({ ...task.site, now: () => task.now });
  for (const { method = "GET", url, headers = {} } of task.requests) {
    const asked = [];
    const ASSETS = {
      async fetch(request) {
        const path = decodeURIComponent(new URL(request.url).pathname);
        asked.push(path);
        const type = path.endsWith(".html") ? "text/html; charset=utf-8" : "text/css";
        return path in files ? new Response(files[path], { headers: { "Content-Type": type, "X-Host": "inner" } }) : new Response("no", { status: 404 });
      },
    };
    const response = await handler.fetch(new Request(url, { method, headers }), { ASSETS });
    results.push({ status: response.status, headers: Object.fromEntries(response.headers), body: await response.text(), asked });
  }
}

process.stdout.write(JSON.stringify(results));
