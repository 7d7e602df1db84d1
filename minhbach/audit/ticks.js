// What a reviewer has checked, kept by the browser for this edition and this build alone.
"use strict";
minhbach.ticks = (() => {
  const { say, element, site } = minhbach, key = `minhbach.review.${site.edition}.${site.build}`;
  const STATES = ["checked", "questioned"], LONGEST = 2000;
  const self = { STATES, LONGEST };

  // A note is what somebody wrote, and a file that comes back may hold anything: it is only ever set as text.
  self.valid = item => typeof item === "object" && item !== null && STATES.includes(item.status)
    && ["fact", "shown", "page", "note", "reviewer", "time"].every(name => typeof item[name] === "string")
    && item.fact.length > 0 && item.fact.length <= 300 && item.shown.length <= 2000 && item.page.length <= 300
    && item.note.length <= LONGEST && item.reviewer.length <= 200
    && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(item.time);

  self.read = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(key) ?? "{}");
      const items = new Map((Array.isArray(kept.items) ? kept.items : []).filter(self.valid).map(each => [each.fact, each]));
      return { reviewer: typeof kept.reviewer === "string" ? kept.reviewer : "", items };
    } catch { return { reviewer: "", items: new Map() }; }
  };
  self.write = state => {
    try {
      localStorage.setItem(key, JSON.stringify({ reviewer: state.reviewer, items: [...state.items.values()] }));
    } catch { document.getElementById("told").textContent = say("not_kept"); }
    self.show();
  };

  self.show = () => {
    const { items } = self.read();
    document.querySelectorAll("button.fact").forEach(button => {
      const status = items.get(button.dataset.fact)?.status;
      for (const state of STATES) button.classList.toggle(state, status === state);
    });
  };

  function save(fact, shown, page, status, note) {
    const state = self.read(), time = new Date().toISOString();
    if (status) state.items.set(fact, { fact, shown, page, status, note, reviewer: state.reviewer, time });
    else state.items.delete(fact);
    self.write(state);
    document.getElementById("told").textContent = say(status ? `told_${status}` : "told_none", { shown });
  }

  // The part of the panel where a number is marked.
  self.form = (fact, found, step) => {
    const known = self.read().items.get(fact), page = step.text.slice(0, 300);
    const note = element("textarea", "", { id: "note", rows: "2", maxlength: String(LONGEST) });
    note.value = known?.note ?? "";
    const choices = ["", ...STATES].map(status => {
      const input = element("input", "", { type: "radio", name: "status", value: status });
      input.checked = (known?.status ?? "") === status;
      return element("label", [input, ` ${say(status || "unseen")}`]);
    });
    const form = element("fieldset", [element("legend", say("review")), ...choices,
      element("label", say("note"), { for: "note" }), note]);
    form.addEventListener("change", event => {
      if (event.target === note && note.value && !form.querySelector("input:checked").value)
        form.querySelector("input[value=questioned]").checked = true;
      save(fact, found.shown, page, form.querySelector("input:checked").value, note.value.slice(0, LONGEST));
    });
    return form;
  };

  self.show();
  return self;
})();
