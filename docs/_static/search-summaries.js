// KaTeX writes a formula for machines (with its LaTeX) and for eyes: without this, the summary of a
// search result would hold all three in a row. Nor do the marks below the equations belong there.
const textOfPage = Search.htmlToText;
Search.htmlToText = (html, anchor) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  page.querySelectorAll(".katex-html, annotation, .verdict, .verdict-key, .gutter, .cite, .cite-button").forEach((copy) => copy.remove());
  return textOfPage(page.documentElement.outerHTML, anchor);
};
