// What every page does at once: take the reader's colours before anything is painted, print at the press of a button.
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
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelector("main form.bd-search input")?.focus(); // there is one on the search page alone
  });
})();
