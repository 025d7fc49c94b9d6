// What every page does: take the reader's colours before anything is painted, print at the press of a button, close
// the card of a figure with Escape.
(() => {
  "use strict";
  const root = document.documentElement;
  const night = matchMedia("(prefers-color-scheme: dark)").matches;
  const mode = localStorage.getItem("mode") || "auto";
  root.dataset.mode = mode;
  root.dataset.theme = mode === "auto" ? (night ? "dark" : "light") : mode;

  document.addEventListener("click", ({ target }) => {
    if (target.closest(".cci-print")) window.print();
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
