// The buttons of the header: menu, colours, search. Every page is complete without them; words come from the page.

const root = document.documentElement;

// ---- Colours: light or dark, the system's until somebody chooses.
const colours = document.querySelector("[data-colours]");
const system = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (root.dataset.colours ? root.dataset.colours === "dark" : system.matches);
const nameColours = () => colours.setAttribute("aria-label", isDark() ? colours.dataset.toLight : colours.dataset.toDark);
nameColours();
system.addEventListener("change", nameColours);
colours.addEventListener("click", () => {
  root.dataset.colours = isDark() ? "light" : "dark";
  nameColours();
  try {
    localStorage.setItem("playbook.colours", root.dataset.colours);
  } catch {
    // Storage is blocked: the choice holds for this page.
  }
});

// ---- Menu: a drawer on small screens. Closed it cannot be reached, open nothing else can.
const button = document.querySelector("[data-menu-button]");
const menu = document.getElementById("menu");
const behind = [document.getElementById("content"), document.querySelector(".pb-footer")];
const wide = matchMedia("(min-width: 64em)");
function setMenu(open) {
  root.toggleAttribute("data-menu-open", open);
  button.setAttribute("aria-expanded", String(open));
  menu.inert = !open && !wide.matches;
  for (const element of behind) element.inert = open;
}
setMenu(false);
wide.addEventListener("change", () => setMenu(false));
button.addEventListener("click", () => {
  const open = !root.hasAttribute("data-menu-open");
  setMenu(open);
  if (open) menu.querySelector("a").focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && root.hasAttribute("data-menu-open")) {
    setMenu(false);
    button.focus();
  }
});
document.addEventListener("click", (event) => {
  if (root.hasAttribute("data-menu-open") && !menu.contains(event.target) && !button.contains(event.target)) setMenu(false);
});

// ---- Search: nothing of it is loaded before it is asked for.
async function openSearch() {
  setMenu(false);
  const { open } = await import("./search.js");
  open();
}
for (const opener of document.querySelectorAll("[data-search-open]")) {
  opener.addEventListener("click", openSearch);
}
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const asked = (event.key === "/" && !typing) || (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey));
  if (asked && !event.altKey) {
    event.preventDefault();
    openSearch();
  }
});
