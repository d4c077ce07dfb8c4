// Checks signed links where only the public halves of the keys are: at an edge,
// or on any other host with WebCrypto. The format is that of package signedlink,
// and both are tested with testdata/gate-v1.json.

const QUARTER = 15 * 60; // seconds
const AHEAD = 5 * 60; // seconds that the clock of whoever signed may be ahead
const PURPOSES = { 1: "view", 2: "unsubscribe-header", 3: "unsubscribe", 4: "answer", 6: "preferences", 7: "sign-in" };

const encoder = new TextEncoder();

// bytesOf decodes base64url whose length leaves no bits over, or returns null.
function bytesOf(text, length) {
  if (typeof text !== "string" || !/^[A-Za-z0-9_-]*$/.test(text)) return null;
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return binary.length === length ? Uint8Array.from(binary, (c) => c.charCodeAt(0)) : null;
}

// readKeys takes what `kaiho key export` prints, as an object, and returns a Map
// by the byte that names a key in a token. What it does not know it leaves out.
export async function readKeys(json) {
  if (json.version !== 1) throw new Error("these keys are not of version 1");
  const keys = new Map();
  for (const record of json.keys) {
    const raw = bytesOf(record.public, 32);
    if (record.algorithm !== "Ed25519" || raw === null) continue;
    if (keys.has(record.kid)) throw new Error(`there are two keys ${record.kid}`);
    keys.set(record.kid, { ...record, key: await crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]) });
  }
  return keys;
}

// verify returns the claims of a link that these keys have signed for the origin
// and for the wanted purpose, and that is good now (in Unix seconds); else null.
export async function verify(token, { origin, keys, now, want = "view" }) {
  if (typeof token !== "string" || token.length !== 112) return null;
  const raw = bytesOf(token, 84);
  if (raw === null) return null;
  const view = new DataView(raw.buffer);
  if (raw[0] !== 1 || raw[3] !== 0 || view.getUint16(10) !== 0) return null; // version, flags, scope
  const record = keys.get(raw[1]);
  if (record === undefined || (record.until !== undefined && now >= record.until)) return null;
  const purpose = PURPOSES[raw[2]];
  if (purpose === undefined || !record.purposes.includes(purpose)) return null;
  const prefix = encoder.encode(`gate/v1\0${origin}\0`);
  const message = new Uint8Array(prefix.length + 20);
  message.set(prefix);
  message.set(raw.subarray(0, 20), prefix.length);
  if (!(await crypto.subtle.verify({ name: "Ed25519" }, record.key, raw.subarray(20), message))) return null;
  const issued = view.getUint32(4);
  const quarters = view.getUint16(8);
  const expires = issued + quarters * QUARTER;
  const member = view.getUint32(12);
  if (issued > now + AHEAD || quarters === 0 || quarters > record.longest_lifetime_quarter_hours) return null;
  if (member === 0 || purpose !== want || now >= expires) return null;
  return { purpose, key: raw[1], issued, expires, member, ref: view.getUint32(16) };
}

// readRoster takes {"members":[{"id","audiences","valid_after"}]} and returns a
// Map by id. valid_after is in Unix seconds, or null.
export function readRoster(json) {
  return new Map(json.members.map((member) => [member.id, member]));
}

// reader returns the member of the roster to whom the claims let in, or null:
// one who is not there is nobody, and one who has revoked the link is shut out.
export function reader(claims, roster) {
  const member = claims === null ? undefined : roster.get(claims.member);
  if (member === undefined) return null;
  const after = member.valid_after ?? 0;
  return typeof after === "number" && claims.issued >= after ? member : null;
}
