// The page of the tick list: progress, the list, export to a file and import from one.
"use strict";
(() => {
  const { say, element, site, ticks, root } = minhbach, place = id => document.getElementById(id);
  const tell = text => { place("message").textContent = text; };
  const MOST_BYTES = 20_000_000;

  function row(item) {
    const number = element("a", item.shown, { href: `${root}/index.html${minhbach.address(item.fact)}` });
    const remove = element("button", say("remove"), { type: "button", "aria-label": `${say("remove")} ${item.fact}` });
    remove.addEventListener("click", () => {
      const state = ticks.read();
      state.items.delete(item.fact);
      ticks.write(state);
      show();
      tell(say("told_none", { shown: item.shown }));
    });
    return element("tr", [element("td", [number]), element("td", [element("code", item.fact)]), element("td", say(item.status)),
      element("td", item.note), element("td", item.reviewer), element("td", item.time.slice(0, 16).replace("T", " ")),
      element("td", [remove])]);
  }

  function show() {
    const { items, reviewer } = ticks.read(), all = [...items.values()].sort((a, b) => (a.fact < b.fact ? -1 : 1));
    const checked = all.filter(each => each.status === "checked").length;
    place("reviewer").value = reviewer;
    place("list").replaceChildren(...all.map(row));
    place("progress").value = all.length;
    place("counted").textContent = say("progress", { done: all.length, all: site.count, checked, questioned: all.length - checked });
    place("export").disabled = !all.length;
  }

  function save() {
    const { reviewer, items } = ticks.read();
    const content = { format: 1, kind: "minhbach-review", edition: site.edition, build: site.build, reviewer,
      exported: new Date().toISOString(), items: [...items.values()] };
    const link = element("a", "", { download: `${site.edition}-review.json` });
    link.href = URL.createObjectURL(new Blob([JSON.stringify(content, null, 1)], { type: "application/json" }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    tell(say("exported", { count: items.size }));
  }

  function refusal(content) {
    if (typeof content !== "object" || content === null || content.kind !== "minhbach-review" || content.format !== 1)
      return say("no_review");
    if (content.edition !== site.edition) return say("other_edition", { theirs: String(content.edition).slice(0, 80), ours: site.edition });
    if (content.build !== site.build) return say("other_build");
    const bad = Array.isArray(content.items) ? content.items.findIndex(each => !ticks.valid(each)) : 0;
    return bad >= 0 ? say("bad_item", { number: bad + 1 }) : "";
  }

  async function take(file) {
    let content = null;
    if (file.size > MOST_BYTES) return tell(say("no_review"));
    try { content = JSON.parse(await file.text()); } catch { return tell(say("no_review")); }
    const refused = refusal(content);
    if (refused) return tell(refused);
    const state = ticks.read();
    let taken = 0;
    for (const { fact, shown, page, status, note, reviewer, time } of content.items) {
      if (state.items.has(fact) && state.items.get(fact).time >= time) continue;
      state.items.set(fact, { fact, shown, page, status, note, reviewer, time });
      taken += 1;
    }
    ticks.write(state);
    show();
    tell(say("imported", { taken, kept: content.items.length - taken }));
  }

  place("reviewer").addEventListener("change", event => {
    ticks.write({ ...ticks.read(), reviewer: event.target.value.slice(0, 200) });
  });
  place("export").addEventListener("click", save);
  place("import").addEventListener("change", event => {
    if (event.target.files.length) take(event.target.files[0]);
    event.target.value = "";
  });
  window.addEventListener("storage", show);
  show();
})();
