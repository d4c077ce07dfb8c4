// The gate at an edge: a handler of fetch events that lets a reader in by the
// link of a letter, with the public halves of the keys and a roster extract. It
// can make no token, so the link itself is the cookie, and ends when the link does.
//
// The host serves files for this handler alone: dist/public below /public/ and
// dist/members below /members/, with no other names for them (on Cloudflare:
// run_worker_first = true, html_handling = "none", not_found_handling = "none"),
// and the entry is
//
//	import { gate } from "./worker.js";
//	export default gate({ origin, base, audiences, keys, roster, manifest });
//
// with the origin as https://nagi.example, the path of the site ("/" if it is not
// given), the names of the audiences in the order of site.yaml, what `kaiho key
// export` prints, {"members":[{"id","audiences","valid_after"}]}, and
// dist/manifest.json.
//
// The path of a request is looked up in the manifest, decoded and otherwise as it
// is. Who may read follows from the entry that is found, never from the path.

import { readKeys, readRoster, reader, verify } from "./verify.js";

const COOKIE = "__Host-kaiho";

// index returns, for "public" and for each audience, a Map from URL below the
// base to the file's entry.
function index(manifest) {
  if (manifest.version !== 1) throw new Error("this manifest is not of version 1");
  const trees = new Map([["public", new Map()]]);
  for (const entry of manifest.outputs) {
    const [, tree, audience, file] = /^(?:(public)|members\/([^/]+))\/(.+)$/.exec(entry.path) ?? [];
    if (file === undefined) continue; // letters
    const name = tree ?? audience;
    if (name === "public" && tree === undefined) throw new Error("an audience cannot be called public");
    if (!trees.has(name)) trees.set(name, new Map());
    trees.get(name).set(file.replace(/(^|\/)index\.html$/, "$1"), { ...entry, isPublic: tree !== undefined });
  }
  return trees;
}

// cookie returns the value of our cookie, or null: two of that name count as
// none, since one of them is somebody else's.
function cookie(request) {
  const values = (request.headers.get("Cookie") ?? "").split(";").map((part) => part.trim())
    .filter((part) => part.startsWith(`${COOKIE}=`)).map((part) => part.slice(COOKIE.length + 1));
  return values.length === 1 ? values[0] : null;
}

// decoded returns a path without percent signs, or null for one that hides a
// slash or a backslash, or that is no UTF-8.
function decoded(path) {
  if (/%2f|%5c/i.test(path)) return null;
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

const HEADERS = {
  "Content-Security-Policy": [
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "media-src 'self'", "font-src 'self'",
    "connect-src 'self'", "manifest-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
  ].join("; "),
  "Referrer-Policy": "same-origin",
  "Strict-Transport-Security": "max-age=31536000",
  "X-Content-Type-Options": "nosniff",
};

// What the page of the CMS needs besides, as the gate has it: it compiles its own
// checks, styles itself, talks to the git host, and hears from the window in which
// editors sign in.
const CMS = {
  "Content-Security-Policy": [
    "default-src 'none'", "script-src 'self' 'unsafe-eval'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data: blob: https:",
    "media-src 'self' blob:", "font-src 'self' data:", "connect-src 'self' https: data: blob:", "frame-src 'self' blob:",
    "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
  ].join("; "),
  "X-Robots-Tag": "noindex",
};

function answer(status, text, headers = {}) {
  return new Response(text, { status, headers: { ...HEADERS, "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store", ...headers } });
}

// gate returns the handler. now() is in Unix seconds. What the handler is given
// beside the request has ASSETS, whose fetch returns the host's own files.
export function gate({ origin, base = "/", audiences, keys, roster, manifest, now = () => Math.floor(Date.now() / 1000) }) {
  const ready = readKeys(keys);
  ready.catch(() => {}); // it is told with the first request
  const members = readRoster(roster);
  const trees = index(manifest);

  // overlays returns the trees of whom the token lets in, the first to ask first.
  async function overlays(token) {
    const claims = await verify(token, { origin, keys: await ready, now: now() });
    const member = reader(claims, members);
    const own = member === null ? [] : audiences.filter((name) => member.audiences.includes(name));
    return { claims: member === null ? null : claims, order: [...own, "public"] };
  }

  const find = (order, url) => order.map((name) => trees.get(name)?.get(url)).find((entry) => entry !== undefined);

  // serve answers with the file of an entry.
  async function serve(request, env, entry, status = 200) {
    const etag = `"${entry.sha256}"`;
    const immutable = entry.isPublic && entry.path.startsWith("public/assets/");
    const isCMS = entry.path === "public/admin/index.html" && find(["public"], "admin/config.yml") !== undefined;
    const headers = new Headers({ ...HEADERS, ...(isCMS ? CMS : {}), ETag: etag });
    headers.set("Cache-Control", status !== 200 ? "no-store" : immutable ? "public, max-age=31536000, immutable" : entry.isPublic ? "no-cache" : "private, no-cache");
    if (!immutable) headers.set("Vary", "Cookie");
    if (!entry.isPublic) headers.set("X-Robots-Tag", "noindex");
    const known = (request.headers.get("If-None-Match") ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
    if (status === 200 && known.includes(etag)) return new Response(null, { status: 304, headers });
    const file = await env.ASSETS.fetch(new Request(`${origin}/${entry.path.split("/").map(encodeURIComponent).join("/")}`));
    if (file.status !== 200) return answer(503, "This page is being renewed. Please try again in a moment.\n", { "Retry-After": "5" });
    headers.set("Content-Type", file.headers.get("Content-Type") ?? "application/octet-stream");
    return new Response(request.method === "HEAD" ? null : file.body, { status, headers });
  }

  // missing is the one answer to all that is not there for this reader.
  function missing(request, env, order) {
    const page = find(order, "404.html");
    return page === undefined ? answer(404, "This page is not here, or is for members.\n") : serve(request, env, page, 404);
  }

  // enter makes a link the cookie, and leads to a page of the manifest.
  async function enter(request, env, rest) {
    const slash = rest.indexOf("/");
    const token = slash < 0 ? rest : rest.slice(0, slash);
    if (!new URL(request.url).pathname.startsWith(`/k/${token}`, encodeURI(base).length - 1)) return missing(request, env, ["public"]); // another spelling
    const { claims, order } = await overlays(token);
    if (claims === null) return missing(request, env, ["public"]);
    const landing = slash < 0 ? "" : rest.slice(slash + 1);
    const url = find(order, landing) === undefined ? "" : landing;
    return answer(303, null, {
      Location: base + url.split("/").map(encodeURIComponent).join("/"),
      "Set-Cookie": `${COOKIE}=${token}; Path=/; Max-Age=${claims.expires - now()}; Secure; HttpOnly; SameSite=Lax`,
      "Referrer-Policy": "no-referrer",
      "X-Robots-Tag": "noindex",
    });
  }

  return {
    async fetch(request, env) {
      const address = new URL(request.url);
      if (address.origin !== origin) return answer(421, "This is not the address of this site.\n");
      if (request.method !== "GET" && request.method !== "HEAD") return answer(405, "Pages here can be read, and nothing else.\n", { Allow: "GET, HEAD" });
      const path = decoded(address.pathname);
      if (path === null || !path.startsWith(base)) return missing(request, env, ["public"]);
      const url = path.slice(base.length);
      if (url.startsWith("k/")) return enter(request, env, url.slice(2));
      const { order } = await overlays(cookie(request));
      const entry = find(order, url);
      if (entry !== undefined) return serve(request, env, entry);
      if (url !== "" && find(order, `${url}/`) !== undefined) {
        return answer(301, null, { Location: `${base}${url.split("/").map(encodeURIComponent).join("/")}/`, Vary: "Cookie" });
      }
      return missing(request, env, order);
    },
  };
}
