// Stands in Sphinx's search in place of its own table of scores, with one more rule: a page counts for every word of
// the query that its title or address holds, where Sphinx takes a heading anywhere on a page for as much as its title;
// of pages alike the one that was written comes before the one that was generated.
var Scorer = {
  score: ([docname, title, , , score]) => {
    const name = `${docname} ${title}`.toLowerCase();
    const words = splitQuery((new URLSearchParams(location.search).get("q") ?? "").toLowerCase());
    const stemmer = new Stemmer();
    return score + (docname.startsWith("evidence/") ? 0 : 1) + 15 * words.filter((word) => name.includes(stemmer.stemWord(word))).length;
  },
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};

// Sphinx's excerpts of a page hold the cards of its figures, and run into one another what stands in separate blocks.
document.addEventListener("DOMContentLoaded", () => {
  const text = Search.htmlToText;
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    page.querySelectorAll(".cci-card").forEach((card) => card.remove());
    page.querySelectorAll("dt, dd, th, td, li, p, h1, h2, h3, h4, div").forEach((block) => block.append(" "));
    return text(page.documentElement.outerHTML, anchor).replace(/\s+/g, " ");
  };
  Documentation.TRANSLATIONS["Search finished, found ${resultCount} page(s) matching the search query."] =
    "Pages found: ${resultCount}.";
});
