// Draws the charts of a page from the specifications beside them, each once it comes near the window, and Vega with the
// first: until then, and without this script, the picture stands. A chart inside something closed is near once opened.
(() => {
  "use strict";
  const theme = "__THEME__";
  const bundle = new URL("__BUNDLE__", document.currentScript.src);
  const root = document.documentElement;
  const mode = () => (root.dataset.theme === "dark" ? "dark" : "light");
  const drawn = new Map(); // stage -> what Vega made of it
  let vega;

  const fetchVega = () =>
    (vega ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = bundle.href;
      script.onload = () => resolve(window.vegaEmbed);
      script.onerror = () => reject(new Error("The chart script could not be read."));
      document.head.append(script);
    }));

  async function draw(stage) {
    const embed = await fetchVega();
    const spec = JSON.parse(stage.querySelector(".cci-chart-spec").textContent);
    const live = document.createElement("div");
    live.className = "cci-chart-live";
    live.style.visibility = "hidden";
    stage.append(live); // it must have a width before Vega can fill it
    const result = await embed(live, spec, {
      mode: "vega-lite",
      renderer: "svg",
      actions: false,
      defaultStyle: false,
      tooltip: { disableDefaultStyle: true },
      ast: true, // expressions are interpreted, not compiled: the page needs no right to evaluate code
      config: theme[mode()],
    });
    const before = drawn.get(stage);
    for (const { name } of spec.params ?? []) {
      if (before) result.view.signal(name, before.view.signal(name)); // a reader's choice outlives a change of colours
    }
    await result.view.runAsync();
    live.style.visibility = "";
    stage.querySelectorAll(".cci-chart-live").forEach((other) => other !== live && other.remove());
    before?.finalize();
    drawn.set(stage, result);
    stage.dataset.drawn = mode();
    // On paper a dark chart is replaced by its picture, which must then be there.
    if (mode() === "dark") stage.querySelector("img").loading = "eager";
  }

  const stages = [...document.querySelectorAll(".cci-chart-stage")];
  let turn = Promise.resolve();
  const enqueue = (stage) => {
    near.unobserve(stage);
    turn = turn.then(() => draw(stage)).catch((error) => console.error(error));
  };
  const near = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => enqueue(entry.target)),
    { rootMargin: "300px 0px" },
  );
  stages.forEach((stage) => near.observe(stage));

  new MutationObserver(() => {
    for (const stage of drawn.keys()) {
      if (stage.dataset.drawn !== mode()) turn = turn.then(() => draw(stage)).catch((error) => console.error(error));
    }
  }).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
})();
