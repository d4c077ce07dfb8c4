// What the first screen of the home page lacks: the face of the lead, and a link to
// each place that it promises.
({alt, links}) => {
  const found = [];
  const within = (r) => ({width: Math.min(r.right, innerWidth) - Math.max(r.left, 0), height: Math.min(r.bottom, innerHeight) - Math.max(r.top, 0)});
  const px = (r) => `${Math.round(r.width)} × ${Math.round(r.height)} px at ${Math.round(r.left)}, ${Math.round(r.top)}`;

  const picture = [...document.querySelectorAll("main img")].find((i) => i.alt === alt);
  if (!picture || !picture.naturalWidth) {
    found.push({what: "no picture of the lead", where: alt, detail: ""});
  } else {
    const r = picture.getBoundingClientRect(), seen = within(r);
    const is = seen.width > 90 && seen.height > 90 && seen.width * seen.height >= r.width * r.height / 2;
    if (!is) found.push({what: "the face is below the first screen", where: alt, detail: px(r)});
  }
  for (const [what, path] of Object.entries(links)) {
    const all = [...document.querySelectorAll("main a[href]")].filter((a) => new URL(a.href).pathname === path && a.checkVisibility());
    const is = all.some((a) => [...a.getClientRects()].every((r) => {
      const seen = within(r);
      return seen.width >= r.width - 0.5 && seen.height >= r.height - 0.5;
    }));
    if (!is) found.push({what: what + " is not on the first screen", where: path, detail: all.length ? px(all[0].getBoundingClientRect()) : "there is no link"});
  }
  return found;
}
