// The home page: what is due today, for people who have answered questions; nothing for others.

import { due } from "./leitner.js";
import { outline } from "./outline.js";
import { fill, json } from "./page.js";
import { onChange, read } from "./store.js";

const place = document.querySelector("[data-due]");
const words = json("words");
const book = outline();

function show() {
  const state = read();
  const count = due(state, book.questions).length;
  place.hidden = !Object.keys(state.answers).length;
  place.querySelector("[data-said]").textContent = count ? fill(count === 1 ? words.one : words.many, count) : words.none;
}

onChange(show);
show();
