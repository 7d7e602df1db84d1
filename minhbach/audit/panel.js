// The panel: the chain of a number, and whether the reviewer has checked it.
"use strict";
(() => {
  const { say, element, root } = minhbach, panel = document.getElementById("panel");
  const report = `${root}/index.html`;
  const CLOSED = "#closed"; // the empty fragment would lead to the top of the page
  let origin = null, asked = "";

  const wanted = () => {
    const match = /^#fact=(.+)$/.exec(location.hash);
    try { return match ? decodeURIComponent(match[1]) : ""; } catch { return ""; }
  };
  const address = reference => `#fact=${encodeURIComponent(reference).replaceAll("%2F", "/")}`;
  minhbach.address = address;

  function link(key, href) { return element("a", say(key), { href }); }

  // Where a step leads: to the page of its unit, of its criterion, to a cell of a notebook, to a line of a file.
  function links(step, cell) {
    const made = [], unit = minhbach.unitOf(step.id), name = step.id.split("/").slice(1).join("/");
    const frame = unit ? minhbach.units.get(unit)[1] : "", notebook = stage => minhbach.site.notebooks[`${stage}.${frame}`];
    const page = anchor => unit && made.push(link("to_unit", `${root}/units/${unit}.html#${anchor}`));
    const cells = (stage, label) => notebook(stage) && made.push(link("to_notebook", `${root}/notebooks/${notebook(stage)}#${label}`));
    if (step.kind === "fact" && cell) made.push(link("to_notebook", `${root}/notebooks/${cell}`));
    if (step.kind === "points" || step.kind === "share") {
      const node = name.replace(/\.share$/, "");
      page(`node-${node}`);
      if (frame) made.push(link("to_criterion", `${root}/criteria/${frame}/${node}.html#unit-${unit}`));
      cells("2_score", "points");
    }
    if (step.kind === "level" || step.kind === "rank" || step.kind === "comparison") {
      page("outcomes");
      cells("2_score", { level: "levels", rank: "ranks", comparison: "comparisons" }[step.kind]);
    }
    if (step.kind === "answer") { page(`answer-${name}`); cells("1_validate", "read"); }
    if (step.kind === "confirmation") { page("confirmations"); cells("1_validate", "survey"); }
    if (step.kind === "cell" || step.kind === "conversion") {
      let above = step.parent;
      while (above && above.kind !== "answer") above = above.parent;
      if (above) made.push(link("to_cell", `${root}/units/${minhbach.unitOf(above.id)}.html#answer-${above.id.split("/")[1]}`));
    }
    if (step.kind === "correction" || step.kind === "finding") made.push(link("to_register", `${root}/register.html#${step.kind}-${name}`));
    const line = /^(.*?)(?::(\d+))?$/.exec(step.id), source = minhbach.site.sources[line[1]];
    if (source) made.push(link("to_line", `${root}/sources/${source}${line[2] ? `#L${line[2]}` : ""}`));
    if (step.kind === "row" && step.id) made.push(link("to_chain", address(step.id)));
    return made;
  }

  function item(step, cell, open) {
    const sign = { agrees: "✓ ", differs: "✗ " }[step.check] ?? "";
    const text = sign + step.text + (step.note ? ` (${step.note})` : ""), row = element("li");
    const to = links(step, cell), more = to.length ? [element("p", to, { class: "links" })] : [];
    row.dataset.kind = step.kind;
    row.className = step.check === "differs" ? "differs" : "";
    if (!step.below.length) {
      row.append(element("p", text, { class: "text" }), ...more);
      return row;
    }
    const fold = element("details", [element("summary", text, { class: "text" }), ...more]);
    const fill = () => {
      if (fold.querySelector("ul")) return;
      fold.append(element("ul", step.below.map((each, place) => item(each, cell, open && place === 0))));
    };
    fold.addEventListener("toggle", fill);
    fold.fill = fill;
    if (open) { fill(); fold.open = true; }
    row.append(fold);
    return row;
  }

  function unfoldAll() {
    for (let folds; (folds = [...panel.querySelectorAll("details:not([open])")]).length;)
      for (const fold of folds) { fold.fill(); fold.open = true; }
  }

  function head(reference, found) {
    const close = element("button", "×", { type: "button", class: "close", "aria-label": say("close") });
    close.addEventListener("click", () => { location.hash = CLOSED; });
    const title = found.printed ? say("number", { shown: found.shown }) : reference;
    return [element("h2", title, { tabindex: "-1" }), close, element("p", [element("code", reference)])];
  }

  async function open(reference) {
    asked = reference;
    const found = await minhbach.find(reference), step = found && await minhbach.chain(found);
    if (asked !== reference) return;
    panel.replaceChildren();
    panel.hidden = false;
    if (!found) {
      panel.append(...head(reference, { printed: false }), element("p", say("unknown", { fact: reference })));
    } else {
      const all = element("button", say("unfold"), { type: "button", class: "all" });
      all.addEventListener("click", unfoldAll);
      const here = found.printed ? [element("p", [link("to_report", `${report}#fact-${reference}`)])] : [];
      panel.append(...head(reference, found), ...here);
      if (found.printed) panel.append(minhbach.ticks.form(reference, found, step));
      panel.append(all, element("ul", [item(step, found.cell, true)], { class: "chain" }));
    }
    panel.scrollTop = 0;
    mark(reference);
    panel.querySelector("h2").focus({ preventScroll: true });
  }

  function mark(reference) {
    document.querySelectorAll("button.fact.open").forEach(each => each.classList.remove("open"));
    const same = [...document.querySelectorAll("button.fact")].filter(each => each.dataset.fact === reference);
    same.forEach(each => each.classList.add("open"));
    if (same.length && !same.includes(origin)) same[0].scrollIntoView({ block: "center" });
  }

  function close() {
    asked = "";
    if (panel.hidden) return;
    panel.hidden = true;
    document.querySelectorAll("button.fact.open").forEach(each => each.classList.remove("open"));
    if (origin?.isConnected) origin.focus();
    origin = null;
  }

  const follow = () => { wanted() ? open(wanted()) : close(); };
  document.addEventListener("click", event => {
    const button = event.target.closest("button.fact");
    if (!button) return;
    origin = button;
    if (wanted() === button.dataset.fact) open(button.dataset.fact); else location.hash = address(button.dataset.fact);
  });
  document.addEventListener("keydown", event => { if (event.key === "Escape" && !panel.hidden) location.hash = CLOSED; });
  window.addEventListener("hashchange", follow);
  follow();
})();
