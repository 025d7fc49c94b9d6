// Filters all figures of the record on one page. The figures come as a script once the page stands, which also works
// from a folder; the filter is kept in the address, so that it can be shared and survives the way back.
(() => {
  "use strict";
  const place = document.getElementById("explorer");
  const form = place.querySelector("form");
  const list = place.querySelector("table");
  const more = place.querySelector(".cci-explore-more");
  const count = place.querySelector(".cci-explore-count");
  const selects = [...form.querySelectorAll("select")];
  const PAGE = 50; // rows shown at once
  const NONE = "none"; // the option for figures without a year or a flag
  const HAN = /[\u2e80-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]+/g;
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const labels = {}; // facet -> Map of value to words
  let figures = []; // {facets, text, cells}
  let found = [];
  let shown = 0;

  const fetchFigures = () =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = place.dataset.figures;
      script.onload = () => resolve(window.cciFigures);
      script.onerror = () => reject(new Error("The figures could not be read."));
      document.head.append(script);
    });

  function read(record) {
    Object.assign(labels, {
      pillar: new Map(record.pillars),
      indicator: new Map(record.indicators),
      scope: new Map(record.scopes),
      year: new Map([[NONE, "not stated"]]),
      grade: new Map(),
      kind: new Map(record.kinds),
      flag: new Map([[NONE, "none"], ...record.flags]),
    });
    figures = record.figures.map(([i, s, from, id, words, stated, period, year, grade, flag, note]) => {
      const [indicator, label, pillar] = record.indicators[i];
      const [scope, scopeLabel] = record.scopes[s];
      const [publisher, published, kind, title, language] = record.sources[from];
      const facets = { pillar, indicator, scope, year: String(year ?? NONE), grade: grade ?? NONE, kind, flag: flag ?? NONE };
      const texts = [words, label, scopeLabel, stated, note, publisher, title, id];
      return {
        facets,
        text: plain(texts.filter(Boolean).join("\n")),
        cells: { id, words, label, scopeLabel, stated, note, period, grade, flag: flag && labels.flag.get(flag), publisher, published, title, language, indicator },
      };
    });
  }

  // The figures that pass every condition, or every one but that of the facet `except`.
  function passing(state, except) {
    const wanted = plain(state.words).split(/\s+/).filter(Boolean);
    const asked = selects.filter(({ name }) => name !== except && state[name]);
    return figures.filter(
      ({ facets, text }) =>
        asked.every(({ name }) => facets[name] === state[name]) && wanted.every((word) => text.includes(word)),
    );
  }

  const stateOf = () => Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));

  // Every list offers what the rest of the filter leaves, with how many figures each choice would give.
  function offer(state) {
    for (const select of selects) {
      const held = new Map();
      for (const { facets } of passing(state, select.name)) {
        held.set(facets[select.name], (held.get(facets[select.name]) ?? 0) + 1);
      }
      const chosen = state[select.name];
      if (chosen && !held.has(chosen)) held.set(chosen, 0);
      const named = [...held].map(([value, n]) => [value, labels[select.name].get(value) ?? value, n]);
      const years = select.name === "year";
      const fixed = select.name === "kind" ? [...labels[select.name].keys()] : null; // firsthand before secondhand
      named.sort(([a, first], [b, second]) => {
        if ((a === NONE) !== (b === NONE)) return a === NONE ? 1 : -1;
        if (fixed) return fixed.indexOf(a) - fixed.indexOf(b);
        return years ? Number(b) - Number(a) : first.localeCompare(second, "en");
      });
      select.replaceChildren(
        new Option("any", ""),
        ...named.map(([value, label, n]) => new Option(`${label} (${n})`, value, false, value === chosen)),
      );
      select.value = chosen;
    }
  }

  function element(name, { className, text, language } = {}, ...children) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.append(...tagged(text, language));
    made.append(...children.filter(Boolean));
    return made;
  }

  // Text as nodes, never as markup, with Chinese marked as Chinese.
  function tagged(text, language) {
    const nodes = [];
    let at = 0;
    for (const run of text.matchAll(HAN)) {
      const span = document.createElement("span");
      span.lang = language === "ja" ? "ja" : "zh";
      span.textContent = run[0];
      nodes.push(text.slice(at, run.index), span);
      at = run.index + run[0].length;
    }
    return [...nodes, text.slice(at)].filter(Boolean);
  }

  function row({ cells }) {
    const link = element("a", { text: cells.words });
    link.href = `${place.dataset.root}evidence/${cells.indicator}.html#${encodeURIComponent(cells.id)}`;
    const marks = [
      cells.grade && element("span", { className: "cci-grade", text: `Grade ${cells.grade}` }),
      cells.flag && element("span", { className: `cci-flag cci-flag-${cells.flag.replaceAll(" ", "_")}`, text: cells.flag }),
    ].filter(Boolean);
    const head = element("th", {}, link, element("span", { className: "cci-explore-marks" }, ...marks));
    head.scope = "row";
    const cell = (label, ...children) => {
      const made = element("td", {}, ...children);
      made.dataset.label = label;
      return made;
    };
    const quiet = (text, language) => text && element("span", { className: "cci-quiet", text, language });
    return element(
      "tr",
      {},
      head,
      cell("Of what", element("span", { text: cells.label }), quiet(cells.scopeLabel)),
      cell("Period", cells.period ?? "not stated"),
      cell(
        "As stated",
        cells.stated && element("q", { text: cells.stated, language: cells.language }),
        quiet(cells.note, cells.language),
      ),
      cell("Source", element("span", { text: cells.publisher }), quiet(cells.published), quiet(cells.title, cells.language)),
    );
  }

  function showMore() {
    const body = list.tBodies[0];
    const first = body.rows.length;
    body.append(...found.slice(shown, shown + PAGE).map(row));
    shown = body.rows.length;
    more.hidden = shown >= found.length;
    return body.rows[first];
  }

  function show({ keep = true } = {}) {
    const state = stateOf();
    found = passing(state);
    shown = 0;
    list.tBodies[0].replaceChildren();
    showMore();
    list.hidden = found.length === 0;
    const all = figures.length.toLocaleString("en");
    count.textContent = found.length
      ? `${found.length.toLocaleString("en")} of ${all} figures`
      : `None of ${all} figures passes this filter.`;
    offer(state);
    if (!keep) return;
    const asked = new URLSearchParams(Object.entries(state).filter(([, value]) => value));
    history.replaceState(null, "", `#${asked}`);
  }

  function restore() {
    const asked = new URLSearchParams(location.hash.slice(1));
    form.elements.words.value = asked.get("words") ?? "";
    for (const select of selects) {
      const value = asked.get(select.name) ?? "";
      select.replaceChildren(new Option("any", ""), new Option(value, value)); // `offer` puts the rest around it
      select.value = value;
    }
    show({ keep: false });
  }

  let typing;
  form.addEventListener("input", ({ target }) => {
    clearTimeout(typing);
    typing = setTimeout(show, target.name === "words" ? 120 : 0);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(show)); // once the fields are empty
  more.firstElementChild.addEventListener("click", () => showMore()?.querySelector("a").focus());
  window.addEventListener("hashchange", restore);

  fetchFigures()
    .then((record) => {
      read(record);
      form.hidden = false;
      place.querySelector(".cci-explore-off").hidden = true;
      restore();
    })
    .catch((error) => console.error(error)); // the paragraph stands and says where the figures are
})();
