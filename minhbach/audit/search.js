// Search by unit, criterion and number, and the filters of the register.
"use strict";
(() => {
  const { say, element, root } = minhbach, field = document.getElementById("search"), MOST = 200;
  const folded = text => text.normalize("NFD").replace(/\p{Mn}/gu, "").replace(/[đĐ]/g, "d").toLowerCase().replace(/\s+/g, " ").trim();

  const group = (key, found, line) => (found.length
    ? [element("h2", say(key, { count: found.length })), element("ul", found.slice(0, MOST).map(line))] : []);

  async function search(text) {
    const known = await minhbach.load("search"), query = folded(text), results = document.getElementById("results");
    if (!known || text !== field.value) return;
    const units = query ? known.units.filter(each => folded(each[1]).includes(query) || each[0].toLowerCase() === query) : [];
    const nodes = query ? known.nodes.filter(each => folded(each[2]).includes(query) || each[1].toLowerCase() === query) : [];
    const shown = text.normalize("NFC").replace(/\s+/g, " ").trim(), plain = shown.replace(/\s*%$/, "");
    const number = [shown, plain].find(each => Object.hasOwn(known.numbers, each)), ids = number ? known.numbers[number] : [];
    results.replaceChildren(
      ...group("found_numbers", ids, id => {
        const unit = minhbach.unitOf(id), name = unit ? ` ${minhbach.units.get(unit)[0]}` : "";
        const button = element("button", number, { type: "button", class: "fact", "data-fact": id });
        return element("li", [button, " ", element("code", id), name]);
      }),
      ...group("found_units", units, ([id, name]) => element("li", [element("a", name, { href: `${root}/units/${id}.html` }), ` (${id})`])),
      ...group("found_nodes", nodes, ([frame, node, name]) => element("li",
        [element("a", name, { href: `${root}/criteria/${frame}/${node}.html` }), ` (${frame})`])));
    const count = units.length + nodes.length + ids.length;
    document.getElementById("message").textContent = query ? say(count ? "found" : "found_none", { count }) : "";
    minhbach.ticks.show();
  }

  if (field) {
    field.addEventListener("input", () => search(field.value));
    const given = /^#q=(.+)$/.exec(location.hash);
    if (given) { field.value = decodeURIComponent(given[1]); search(field.value); }
  }

  const filters = [...document.querySelectorAll("[data-filter]")];
  function filter() {
    const rows = [...document.querySelectorAll("[data-rows] tbody tr")];
    for (const row of rows) row.hidden = !filters.every(each => {
      const wanted = folded(each.value), name = each.dataset.filter;
      return !wanted || (name === "text" ? folded(row.textContent).includes(wanted) : folded(row.dataset[name] ?? "") === wanted);
    });
    document.getElementById("message").textContent = say("rows", { count: rows.filter(row => !row.hidden).length });
  }
  filters.forEach(each => each.addEventListener("input", filter));
})();
