// Stands in Sphinx's search in place of its own table of scores, with one more rule: a page counts for every word of
// the query that its title or address holds, where Sphinx takes a heading anywhere on a page for as much as its title;
// of pages alike the one that was written comes before the one that was generated.
var Scorer = {
  score: ([docname, title, , , score]) => {
    const stemmer = new Stemmer();
    const stems = (text) => splitQuery(text.toLowerCase().replaceAll("_", " ")).map((word) => stemmer.stemWord(word));
    const name = new Set(stems(`${docname} ${title}`));
    const asked = stems(new URLSearchParams(location.search).get("q") ?? "");
    return score + (docname.startsWith("evidence/") ? 0 : 1) + 15 * asked.filter((stem) => name.has(stem)).length;
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
  Object.assign(Documentation.TRANSLATIONS, {
    "Search finished, found ${resultCount} page(s) matching the search query.": "Pages found: ${resultCount}.",
    "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.":
      "No page holds all of these words. Try fewer or other ones, or look through the evidence by indicator.",
  });
});
