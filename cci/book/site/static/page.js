// What every page does: take the reader's colours before anything is painted, print at the press of a button, open
// the card of a figure with a tap and close it with Escape.
(() => {
  "use strict";
  const root = document.documentElement;
  const night = matchMedia("(prefers-color-scheme: dark)").matches;
  const mode = localStorage.getItem("mode") || "auto";
  root.dataset.mode = mode;
  root.dataset.theme = mode === "auto" ? (night ? "dark" : "light") : mode;

  let tapped; // the figure whose card a tap has opened
  document.addEventListener("click", (event) => {
    if (event.target.closest(".cci-print")) window.print();
    // Where nothing hovers, the first tap on a figure shows its card and the second follows its link.
    const link = event.target.closest(".cci-cited > a");
    const first = link && link !== tapped && matchMedia("(hover: none)").matches;
    tapped = first ? link : undefined;
    if (!first) return;
    event.preventDefault();
    link.focus();
  });
  // Escape closes the card of a figure, which else stays as long as focus or pointer do.
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") root.dataset.cards = "closed";
  });
  for (const way of ["focusin", "pointerover"]) {
    document.addEventListener(way, ({ target }) => {
      if (target.closest(".cci-cited")) delete root.dataset.cards;
    });
  }
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelector("main form.bd-search input")?.focus(); // there is one on the search page alone
  });
})();
