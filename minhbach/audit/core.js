// Loads data files of steps by adding script tags, which a page opened by double click may, and unfolds chains.
"use strict";
window.minhbach = (() => {
  const root = document.documentElement.dataset.root, loaded = new Map(), coming = new Map();
  const self = { site: null, words: {}, root };

  self.start = site => { self.site = site; self.words = site.words; self.units = new Map(Object.entries(site.units)); };
  self.add = (name, content) => { loaded.set(name, content); };
  self.load = name => {
    if (loaded.has(name)) return loaded.get(name);
    if (!coming.has(name)) coming.set(name, new Promise(done => {
      const script = document.createElement("script");
      script.onload = () => done(loaded.get(name) ?? null);
      script.onerror = () => done(null);
      script.src = `${root}/data/${name}.js`;
      document.head.append(script);
    }));
    return coming.get(name);
  };

  const unitOf = reference => reference.replace(/^(previous|change)\//, "").split("/")[0];
  self.unitOf = reference => self.units.has(unitOf(reference)) ? unitOf(reference) : "";
  self.home = reference => self.unitOf(reference) ? `units/${unitOf(reference)}` : "all";
  self.say = (key, details = {}) => (self.words[key] ?? key).replace(/\{(\w+)\}/g, (all, name) => details[name] ?? all);
  self.element = (name, content = "", attributes = {}) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (content instanceof Array) made.append(...content); else made.textContent = content;
    return made;
  };

  // A reference that `trace` takes, as { home, place, shown, cell, printed }; null where there is none.
  self.find = async reference => {
    const home = self.home(reference), content = await self.load(home);
    if (!content) return null;
    if (Object.hasOwn(content.facts, reference)) {
      const [place, shown, cell] = content.facts[reference];
      return { home, place, shown, cell, printed: true };
    }
    return Object.hasOwn(content.refs, reference)
      ? { home, place: content.refs[reference], shown: "", cell: "", printed: false } : null;
  };

  function places(home, below) {
    return below.flatMap(each => {
      const text = String(each), colon = text.lastIndexOf(":");
      const [first, last] = text.slice(colon + 1).split("-").map(Number);
      const name = colon < 0 ? home : text.slice(0, colon);
      return Array.from({ length: (last ?? first) - first + 1 }, (_, more) => [name, first + more]);
    });
  }

  // The steps as `trace` shows them: a node that the chain has shown above is named again, not unfolded.
  async function unfold(home, place, above, parent) {
    const content = loaded.get(home) ?? await self.load(home);
    if (!content) return { kind: "lost", id: "", text: self.words.lost, check: "", note: "", below: [], parent };
    const [kind, id, text, below = [], check = "", note = ""] = content.steps[place];
    const step = { kind, id, text, check, note, below: [], parent };
    if (kind === "points") {
      if (above.has(id)) {
        step.text = `${text.replace(self.site.leftOut, "")} ${self.site.above}`;
        return step;
      }
      above.add(id);
    }
    for (const [name, number] of places(home, below)) {
      if (kind === "condition" && parent?.kind === "level" && await shown(name, number, above)) continue;
      step.below.push(await unfold(name, number, above, step));
    }
    return step;
  }

  async function shown(home, place, above) {
    const [kind, id] = (await self.load(home)).steps[place];
    return ["points", "share"].includes(kind) && above.has(id.replace(/\.share$/, ""));
  }

  self.chain = found => unfold(found.home, found.place, new Set(), null);
  self.all = step => [step, ...step.below.flatMap(self.all)];
  return self;
})();
