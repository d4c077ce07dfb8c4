// What axe finds: any breach of WCAG 2.2, A and AA, and of best practice what
// it calls serious.
async () => {
  const {violations} = await globalThis[Symbol.for("kaiho.face")].axe.run(document, {
    resultTypes: ["violations"],
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
    rules: {"target-size": {enabled: true}},
  });
  return violations
    .filter((v) => v.tags.some((tag) => tag.startsWith("wcag")) || /serious|critical/.test(v.impact))
    .flatMap((v) => v.nodes.slice(0, 5).map((n) => ({
      what: `axe ${v.id} (${v.impact})`, where: n.target.join(" "),
      detail: [...n.any, ...n.all, ...n.none].map((c) => c.message).join("; ") || v.help,
    })));
}
