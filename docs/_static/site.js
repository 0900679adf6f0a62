// All that pages do by script. The first lines choose the colour scheme, before anything is painted;
// the rest waits for the page. Without this file pages can be read, and their menus be opened.
"use strict";

const root = document.documentElement;
const night = matchMedia("(prefers-color-scheme: dark)");

function showScheme(mode) {
  root.dataset.mode = mode;
  root.dataset.theme = mode === "auto" ? (night.matches ? "dark" : "light") : mode;
}

showScheme(localStorage.getItem("mode") || "auto");
root.classList.add("scripted");
night.addEventListener("change", () => showScheme(root.dataset.mode));

const all = (selector) => [...document.querySelectorAll(selector)];
const onClick = (selector, act) =>
  all(selector).forEach((each) => each.addEventListener("click", () => act(each)));

function later(act) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, 300);
  };
}

// --- The buttons above each page ---

function markScheme() {
  all(".theme-change-button").forEach((each) =>
    each.setAttribute("aria-pressed", each.dataset.mode === root.dataset.mode));
}

function setUpMenus() {
  onClick(".theme-change-button", (button) => {
    localStorage.setItem("mode", button.dataset.mode);
    showScheme(button.dataset.mode);
    markScheme();
  });
  markScheme();
  onClick(".btn-fullscreen-button", () =>
    document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen());
  onClick(".btn-download-pdf-button", () => print());
  const close = (but) => all("details.dropdown[open]").forEach((menu) => {
    if (!menu.contains(but)) menu.open = false;
  });
  addEventListener("click", (event) => close(event.target));
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      document.activeElement.closest("details.dropdown[open]")?.querySelector("summary").focus();
      close(null);
    }
  });
}

// --- Dialogs: the search, and what stands beside the text where the screen is wide ---

function closeOutside(dialog) {
  dialog.addEventListener("click", ({clientX: x, clientY: y, detail}) => {
    const {left, right, top, bottom} = dialog.getBoundingClientRect();
    if (detail && (x < left || x > right || y < top || y > bottom)) dialog.close();
  });
}

function setUpSearch() {
  const dialog = document.getElementById("pst-search-dialog");
  const here = document.querySelector(".bd-search-container input");
  const open = () => {
    if (here) here.select();
    else if (dialog.open) dialog.close();
    else dialog.showModal();
  };
  const mac = navigator.platform.startsWith("Mac") || navigator.platform === "iPhone";
  if (mac) all(".kbd-shortcut__modifier").forEach((key) => { key.textContent = "⌘"; });
  addEventListener("keydown", (event) => {
    const held = mac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
    if (held && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  onClick(".search-button__button", open);
  closeOutside(dialog);
  here?.select();
}

function setUpSidebar(side) {
  const toggle = document.querySelector(`.${side}-toggle`);
  const sidebar = document.getElementById(`pst-${side}-sidebar`);
  const dialog = document.getElementById(`pst-${side}-sidebar-modal`);
  if (!toggle || !sidebar || !dialog) return;
  const move = (from, to) => {
    to.append(...from.childNodes);
    [to.className, from.className] = [from.className, to.className];
  };
  toggle.addEventListener("click", () => {
    if (side === "primary" && matchMedia("(min-width: 992px)").matches) {
      sidebar.classList.toggle("pst-sidebar-hidden");
    } else {
      move(sidebar, dialog);
      dialog.showModal();
    }
  });
  dialog.addEventListener("close", () => move(dialog, sidebar));
  closeOutside(dialog);
}

// --- Where the reader is ---

function followSections() {
  const links = all("#pst-page-toc-nav a[href^='#']");
  const linkTo = new Map(links.map((link) => [document.getElementById(link.hash.slice(1)), link]));
  linkTo.delete(null);
  const activate = (link) => links.forEach((each) => {
    each.classList.toggle("active", each === link);
    if (each === link) each.setAttribute("aria-current", "true");
    else each.removeAttribute("aria-current");
  });
  const seen = new IntersectionObserver((entries) => {
    const entry = entries.filter((each) => each.isIntersecting).pop();
    if (entry) activate(linkTo.get(entry.target));
  }, {rootMargin: "-64px 0px -70% 0px"});
  for (const section of linkTo.keys()) seen.observe(section);
}

function keepPlaceOfSidebar() {
  const sidebar = document.querySelector(".bd-sidebar");
  const kept = sessionStorage.getItem("sidebar-scroll-top");
  if (kept) sidebar.scrollTop = Number(kept);
  else sidebar.querySelector(".current")?.scrollIntoView({block: "nearest"});
  addEventListener("pagehide", () => sessionStorage.setItem("sidebar-scroll-top", sidebar.scrollTop));
}

function watchScrolling() {
  const up = document.getElementById("pst-back-to-top");
  let before = scrollY;
  up.addEventListener("click", () => scrollTo({top: 0}));
  addEventListener("scroll", () => {
    up.style.display = before > scrollY && scrollY > 50 ? "block" : "none";
    document.body.classList.toggle("scrolled", scrollY > 0);
    before = scrollY;
  }, {passive: true});
}

// What is too wide for its place is scrolled by keyboard as well.
function reachWhatScrolls() {
  const update = () => all("pre, .cell_output > .output, .pst-scrollable-table-container").forEach(
    (each) => {
      const scrolls = each.scrollWidth > each.clientWidth || each.scrollHeight > each.clientHeight;
      each.tabIndex = scrolls ? 0 : -1;
    });
  addEventListener("resize", later(update));
  if (document.readyState === "complete") update();
  else addEventListener("load", update);
}

// Searching leaves its words here; they are shown once, where they stand in the text.
function showFoundWords() {
  const words = (localStorage.getItem("sphinx_highlight_terms") || "").toLowerCase().split(/\s+/);
  localStorage.removeItem("sphinx_highlight_terms");
  if (!words[0] || !CSS.highlights || document.getElementById("search-results")) return;
  const texts = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
  const found = new Highlight();
  for (let text; (text = texts.nextNode());) {
    for (const word of words.filter(Boolean)) {
      for (let at = -1; (at = text.data.toLowerCase().indexOf(word, at + 1)) >= 0;) {
        const range = new Range();
        range.setStart(text, at);
        range.setEnd(text, at + word.length);
        found.add(range);
      }
    }
  }
  CSS.highlights.set("found", found);
  addEventListener("keydown", ({key}) => key === "Escape" && found.clear());
}

// --- Code to be copied: of a doctest its code alone ---

function codeOf(block) {
  const lines = block.textContent.replace(/\n$/, "").split("\n");
  const prompted = lines.filter((line) => /^(>>>|\.\.\.)( |$)/.test(line));
  return (prompted.length ? prompted.map((line) => line.slice(4)) : lines).join("\n");
}

function addCopyButtons() {
  all(":not(.output) > div.highlight pre").forEach((block) => {
    const button = document.createElement("button");
    button.className = "copybtn";
    button.type = "button";
    button.ariaLabel = button.title = "Copy";
    button.addEventListener("click", async () => {
      const copied = await navigator.clipboard?.writeText(codeOf(block)).then(() => true, () => false);
      button.classList.add(copied ? "success" : "failure");
      button.title = copied ? "Copied" : "The browser did not allow it";
      setTimeout(() => {
        button.classList.remove("success", "failure");
        button.title = "Copy";
      }, 1500);
    });
    block.after(button);
  });
}

document.addEventListener("DOMContentLoaded", () => {
  setUpMenus();
  setUpSearch();
  ["primary", "secondary"].forEach(setUpSidebar);
  followSections();
  keepPlaceOfSidebar();
  watchScrolling();
  reachWhatScrolls();
  showFoundWords();
  addCopyButtons();
});
