// Stands in Sphinx's search in place of its own table of scores, with one more rule: a page counts for every word of
// the query, of three letters and more, that its title or address holds, where Sphinx takes a heading anywhere on a
// page for as much as its title; of pages alike the one that was written comes first, and with a number in the query
// the one that was generated, since it lists the figures.
var Scorer = {
  score: ([docname, title, , , score]) => {
    const stemmer = new Stemmer();
    const words = (text) => splitQuery(text.toLowerCase().replaceAll("_", " ")).filter((word) => word.length > 2);
    const stems = (text) => words(text).map((word) => stemmer.stemWord(word));
    const name = new Set(stems(`${docname} ${title}`));
    const query = new URLSearchParams(location.search).get("q") ?? "";
    const asked = stems(query);
    const first = docname.startsWith("evidence/") === /\d/.test(query);
    return score + (first ? 1 : 0) + 15 * asked.filter((stem) => name.has(stem)).length;
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
{
  const text = Search.htmlToText;
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    page.querySelectorAll(".cci-card").forEach((card) => card.remove());
    page.querySelectorAll("dt, dd, th, td, li, p, h1, h2, h3, h4, div").forEach((block) => block.append(" "));
    return text(page.documentElement.outerHTML, anchor).replace(/\s+/g, " ");
  };
  const summary = Search.makeSearchSummary;
  Search.makeSearchSummary = (html, words, anchor) =>
    summary(html, new Set([...words].map((word) => word.replaceAll("#", ""))), anchor);
  Object.assign(Documentation.TRANSLATIONS, {
    "Search finished, found ${resultCount} page(s) matching the search query.": "Pages found: ${resultCount}.",
    "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.":
      "No page holds all of these words. Try fewer or other ones, or look through the evidence by indicator.",
  });
}
