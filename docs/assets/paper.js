// The questions of a quiz as a paper: in the order of a variant, with its key; loaded when somebody prints one.

import { element, fill, printPart } from "./page.js";
import { shuffled } from "./questions.js";

const letter = (place) => String.fromCharCode(97 + place);

// How the answer to a question reads in the key: "b", "a, c", "2 · 1 · 3", "50".
function keyOf(question) {
  const lines = question.all("ul > li");
  switch (question.type) {
    case "order":
      return lines.map((line) => line.dataset.right).join(" · ");
    case "match": {
      const rights = question.all("[data-pair]").map((one) => one.dataset.pair);
      return lines.map((line) => letter(rights.indexOf(line.dataset.right))).join(" · ");
    }
    case "single":
    case "multiple":
    case "true-false":
      return lines.flatMap((line, place) => (line.querySelector("[data-right]") ? [letter(place)] : [])).join(", ");
    default:
      return question.find("[data-solution]").lastChild.textContent.trim();
  }
}

// Prints the questions of a quiz as variant A or B, and their key on a page of its own where it is asked for.
export function printPaper({ id, root, questions, words }, variant, withKey) {
  const list = root.querySelector("[data-questions]");
  const lines = [...list.children];
  const numbers = lines.map((line) => line.querySelector(".pb-question__number"));
  const order = shuffled(lines.map((line, place) => place), `${id}:${variant}`);
  list.append(...order.map((place) => lines[place]));
  order.forEach((place, number) => (numbers[place].textContent = number + 1));
  for (const question of questions) {
    question.shuffle(variant);
    question.byNumber();
  }
  for (const place of root.querySelectorAll("[data-variant]")) place.textContent = fill(words.variant, variant);
  const key = root.querySelector("[data-answer-key]");
  key.toggleAttribute("data-asked", withKey);
  key.querySelector("ol").replaceChildren(
    ...order.map((place) => element("li", { textContent: keyOf(questions[place]) })),
  );
  const back = () => {
    key.removeAttribute("data-asked");
    for (const place of root.querySelectorAll("[data-variant]")) place.textContent = "";
    list.append(...lines);
    numbers.forEach((number, place) => (number.textContent = place + 1));
    for (const question of questions) question.arrange();
  };
  addEventListener("afterprint", back, { once: true });
  printPart("paper");
}
