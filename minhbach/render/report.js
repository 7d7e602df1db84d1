// What the page does when it is used; without it the page is complete, only not sortable.
"use strict";
(() => {
  const page = document.documentElement, words = document.querySelector("main").dataset;
  const decimal = page.lang.startsWith("en") ? "." : ",", thousands = decimal === "." ? "," : ".";
  const collator = new Intl.Collator(page.lang, { numeric: true });
  const plain = new RegExp(`^[+-]?(\\d+|\\d{1,3}(\\${thousands}\\d{3})+)(\\${decimal}\\d+)?$`);
  const BLANK = /^[\s–—-]*$/, NEXT = { none: "ascending", ascending: "descending", descending: "none" };
  const text = (row, column) => (row.cells[column]?.textContent ?? "").replace(/[\s*]+/g, " ").trim();

  function number(shown) {
    const short = shown.replace(/[\s%]/g, "").replace("−", "-");
    return plain.test(short) ? Number(short.replaceAll(thousands, "").replace(decimal, ".")) : NaN;
  }

  function day(shown) {
    const found = /^(\d{1,2})\/(\d{1,2})\/(\d{4})\b/.exec(shown);
    if (found) return Date.UTC(found[3], found[2] - 1, found[1]);
    return /^\d{1,2} [A-Z][a-z]+ \d{4}$/.test(shown) ? Date.parse(`${shown} UTC`) : NaN;
  }

  // A column is compared as numbers or as days where all of it is; blanks come last in both directions.
  function comparison(rows, column, sign) {
    const filled = rows.map(row => text(row, column)).filter(shown => !BLANK.test(shown));
    const value = [number, day].find(read => filled.every(shown => !Number.isNaN(read(shown))));
    return (one, other) => {
      const [a, b] = [text(one, column), text(other, column)], last = BLANK.test(a) - BLANK.test(b);
      if (last || BLANK.test(a)) return last;
      return sign * (value ? value(a) - value(b) : collator.compare(a, b));
    };
  }

  // Rows move between the headings and subtotals of groups, which keep their places.
  function arranged(rows, compare) {
    const fixed = row => row.matches(".group, .subtotal"), order = [];
    for (let start = 0; start < rows.length; ) {
      let end = start;
      while (end < rows.length && !fixed(rows[end])) end += 1;
      order.push(...rows.slice(start, end).sort(compare), ...rows.slice(end, end + 1));
      start = end + 1;
    }
    return order;
  }

  function sort(table, first, column, direction) {
    const all = first.flatMap(([, rows]) => rows.filter(row => !row.matches(".group, .subtotal")));
    const compare = comparison(all, column, direction === "ascending" ? 1 : -1);
    for (const [body, rows] of first) body.append(...(direction === "none" ? rows : arranged(rows, compare)));
    for (const cell of table.tHead.rows[0].cells) cell.removeAttribute("aria-sort");
    if (direction !== "none") table.tHead.rows[0].cells[column].setAttribute("aria-sort", direction);
  }

  function sortable(table) {
    const first = [...table.tBodies].map(body => [body, [...body.rows]]);
    [...table.tHead.rows[0].cells].forEach((cell, column) => {
      const name = cell.textContent.trim(), button = document.createElement("button");
      if (!name || cell.querySelector("a")) return;
      button.type = "button";
      button.title = words.sort;
      button.append(...cell.childNodes);
      button.addEventListener("click", () => {
        const direction = NEXT[cell.getAttribute("aria-sort") ?? "none"];
        sort(table, first, column, direction);
        const said = { ascending: words.ascending, descending: words.descending, none: words.original };
        document.getElementById("said").textContent = said[direction].replace("{column}", name);
      });
      cell.append(button);
    });
  }

  document.querySelectorAll("table.sortable").forEach(sortable);
  document.querySelector(".contents details").open = matchMedia("(min-width: 75rem)").matches;
  document.addEventListener("pointerover", event => {
    const fact = event.target.closest("[data-fact]");
    if (fact) fact.title = words.factWords.replace("{fact}", fact.dataset.fact);
  });
})();
