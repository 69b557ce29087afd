// The search dialog: asks Pagefind, shows title, kind and the entry's own summary, works by keyboard alone.

const dialog = document.getElementById("search");
const field = document.getElementById("search-words");
const results = dialog.querySelector("[data-search-results]");
const status = dialog.querySelector("[data-search-status]");
const hint = status.textContent;
const words = dialog.dataset;
const AT_MOST = 12;
const FEW = 5;

let index; // the promise of Pagefind; asked for once
let asked = 0; // numbers the questions, so that a late answer to an old one is dropped
let timer;

function load() {
  index ??= import(new URL("../../pagefind/pagefind.js", import.meta.url)).then(async (pagefind) => {
    await pagefind.init();
    return pagefind;
  });
  return index;
}

export function open() {
  if (!dialog.open) dialog.showModal();
  field.focus();
  field.select();
  load().catch(unavailable);
}

function unavailable() {
  index = undefined;
  results.replaceChildren();
  status.textContent = words.unavailable;
}

async function ask() {
  const question = field.value.trim();
  const number = ++asked;
  if (!question) {
    results.replaceChildren();
    status.textContent = hint;
    return;
  }
  status.textContent = words.loading;
  try {
    const pagefind = await load();
    const found = await find(pagefind, question);
    const shown = await Promise.all(found.slice(0, AT_MOST).map((result) => result.data()));
    shown.sort((a, b) => about(question, b) - about(question, a));
    if (number === asked) show(question, shown, found.length);
  } catch {
    if (number === asked) unavailable();
  }
}

// Pagefind cuts Chinese into words, and cuts a page and a question differently. So where Chinese finds little, it is
// asked for once more by single characters, which every entry holds of its title and aliases (`search_words` in
// render.py); the better answer counts.
async function find(pagefind, question) {
  const { results } = await pagefind.search(question);
  const apart = question.replace(/\p{Script=Han}/gu, " $& ").trim();
  if (apart === question || results.length >= FEW) return results;
  const found = new Map();
  for (const result of [...results, ...(await pagefind.search(apart)).results]) {
    if (!(found.get(result.id)?.score >= result.score)) found.set(result.id, result);
  }
  return [...found.values()].sort((a, b) => b.score - a.score);
}

// A page about the thing stands above those that mention it.
function about(question, { meta }) {
  const [title, asked] = [meta.title.toLowerCase(), question.toLowerCase()];
  return title === asked ? 2 : Number(title.includes(asked));
}

function fill(text, ...values) {
  return values.reduce((filled, value, place) => filled.replace(`{${place}}`, () => value), text);
}

function show(question, shown, total) {
  results.replaceChildren(...shown.map(item));
  if (!total) status.textContent = fill(words.none, question);
  else if (total === 1) status.textContent = words.one;
  else if (total > shown.length) status.textContent = fill(words.more, shown.length, total);
  else status.textContent = fill(words.many, total);
}

function item({ url, meta }) {
  const made = (name, className, text) => Object.assign(document.createElement(name), { className, textContent: text });
  const link = made("a", "pb-result", "");
  link.href = url; // Pagefind knows from its own address in which folder of the host the site lies.
  const title = made("span", "pb-result__title", meta.title);
  link.append(title);
  if (meta.kind) link.append(made("span", "pb-result__kind", meta.kind));
  if (meta.grade) link.append(made("span", `pb-grade pb-grade--${meta["grade-id"]}`, meta.grade));
  if (meta.summary) link.append(made("span", "pb-result__summary", meta.summary));
  const entry = document.createElement("li");
  entry.append(link);
  return entry;
}

function move(step) {
  const links = [...results.querySelectorAll("a")];
  const place = links.indexOf(document.activeElement) + step;
  (place < 0 ? field : links[Math.min(place, links.length - 1)])?.focus();
}

field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, 80);
});
dialog.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  results.querySelector("a")?.click();
});
dialog.querySelector("[data-search-close]").addEventListener("click", () => dialog.close());
// A click on the backdrop is a click on the dialog itself.
dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
dialog.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    move(step);
  }
});
if (field.value) ask();
