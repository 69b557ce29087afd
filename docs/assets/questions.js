// One question: its answer read, judged, explained, kept, and shown again as it was. Words come from the page.

import { record } from "./leitner.js";
import { element, fill } from "./page.js";
import { change, read } from "./store.js";

// Text as it is compared: width, capitals, spaces and punctuation do not matter.
const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/[\p{P}\p{S}\s]/gu, "");
const same = (one, other) => one.length === other.length && one.every((value) => other.includes(value));

// A number as people write it, "1,200" or "１２", else NaN; a unit around it is passed over, but not one that multiplies
// (12k, 12m, and ten thousand or a thousand in Chinese): the number itself is asked for.
function number(text) {
  const bare = text.normalize("NFKC").replaceAll("\u2212", "-").replace(/[\s'’_]/g, "").replace(/(\d),(?=\d{3}(?!\d))/g, "$1");
  const found = bare.match(/^[^\d.,+-]*([+-]?\d+(?:\.\d+)?)(?![km\u4e07\u5343\u4ebf])[^\d.,]*$/i);
  return found ? Number(found[1]) : NaN;
}

// Numbers from 0 to 1 that are the same whenever the seed is (FNV-1a, then mulberry32).
function randomFrom(seed) {
  let state = 2166136261;
  for (const character of seed) state = Math.imul(state ^ character.codePointAt(0), 16777619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function shuffled(values, seed) {
  const random = randomFrom(seed);
  const mixed = [...values];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
  }
  return mixed;
}

export class Question {
  // `onAnswer` is called after an answer; `words` are those of the page.
  constructor(form, words, onAnswer = () => {}) {
    this.form = form;
    this.words = words;
    this.onAnswer = onAnswer;
    this.key = `${form.dataset.of}/${form.dataset.question}`;
    this.type = form.dataset.type;
    this.revision = Number(form.dataset.revision);
    this.topic = form.dataset.topic;
    this.test = false; // in a test nothing is said before everything is handed in
    this.answered = undefined;
    this.since = 0; // when it was last answered or emptied here
    this.inputs = form.querySelector("[data-inputs]");
    this.verdict = form.querySelector("[data-verdict]");
    this.note = form.querySelector("[data-note]");
    this.beginning = form.querySelector("[data-scene]")?.dataset.scene;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.test) this.check();
    });
    form.querySelector("[data-again]").addEventListener("click", () => this.again());
    form.addEventListener("click", (event) => this.click(event));
    // What was said was about another answer.
    this.inputs.addEventListener("input", () => this.answered && this.verdict.classList.add("pb-verdict--old"));
    if (this.beginning) {
      addEventListener("beforeprint", () => this.byNumber());
      addEventListener("afterprint", () => this.arrange());
    }
    this.start();
  }

  find(selector) {
    return this.form.querySelector(selector);
  }

  all(selector) {
    return [...this.inputs.querySelectorAll(selector)];
  }

  get held() {
    const answer = read().answers[this.key];
    return answer?.revision >= this.revision ? answer : undefined;
  }

  // -- Beginning

  // As it was answered last, or fresh.
  start() {
    const held = this.held;
    const changed = !held && this.key in read().answers;
    this.fresh();
    if (held) {
      this.shuffle(held.tries);
      this.put(held.given);
      this.explain(held);
    }
    this.tell(changed ? this.words.changed : "");
  }

  // Says something about the question, or nothing.
  tell(text) {
    this.note.textContent = text;
    this.note.hidden = !text;
  }

  // Empty, with the options in the order of the next try.
  fresh() {
    this.form.reset();
    this.verdict.replaceChildren();
    this.verdict.className = "pb-verdict";
    this.answered = undefined;
    this.since = Date.now();
    this.find(".pb-sure")?.removeAttribute("disabled");
    this.mark([]);
    this.tell("");
    this.shuffle((read().answers[this.key]?.tries ?? 0) + 1);
    if (this.type === "scenario") this.play([]);
  }

  again() {
    this.fresh();
    this.changed();
    this.first().focus();
  }

  // Takes over what another tab did: an answer since then, or that everything was forgotten.
  refresh() {
    const held = this.held;
    if (held ? held.at > this.since : this.answered) this.start();
  }

  // Tells the page that something else is given.
  changed() {
    this.form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // The focus goes to where it is answered, and the question into sight from its beginning.
  focus() {
    this.form.scrollIntoView();
    this.first().focus({ preventScroll: true });
  }

  first() {
    return this.type === "scenario" ? this.scenes().at(-1) : this.inputs.querySelector("input, select");
  }

  shuffle(attempt) {
    const list = this.inputs.querySelector("ul");
    if (this.type === "single" || this.type === "multiple" || this.type === "order") {
      const given = [...list.children].sort((a, b) => (this.name(a) < this.name(b) ? -1 : 1));
      list.append(...shuffled(given, `${this.key}:${attempt}`));
    }
  }

  // The scenes by their numbers, as paper has them.
  byNumber() {
    const number = (scene) => Number(scene.querySelector(".pb-scene__number").textContent);
    this.find(".pb-scenes")?.append(...this.all("[data-scene]").sort((a, b) => number(a) - number(b)));
  }

  // As it stands: the options in the order of the try that is shown, a scenario on its way.
  arrange() {
    this.shuffle(this.answered ? (this.held?.tries ?? 1) : (read().answers[this.key]?.tries ?? 0) + 1);
    if (this.type === "scenario") this.play(this.way);
  }

  name(line) {
    const input = line.querySelector("input, select");
    return input.type === "radio" || input.type === "checkbox" ? input.value : input.name;
  }

  // -- Scenes

  // A way through a scenario is a list of steps, "scene" for the first and "number of the choice:scene" for the others.

  scenes() {
    return this.all("[data-scene]").filter((scene) => !("off" in scene.dataset));
  }

  // Shows the scenes on a way, in its order; the last one can go on. A way that leads nowhere (any more) starts anew.
  play(way) {
    const all = new Map(this.all("[data-scene]").map((scene) => [scene.dataset.scene, scene]));
    const sceneOf = (step) => all.get(step.split(":").at(-1));
    this.way = way.length && way.every(sceneOf) ? way : [this.beginning];
    for (const scene of all.values()) scene.dataset.off = "";
    this.way.forEach((step, place) => {
      const scene = sceneOf(step);
      const next = this.way[place + 1];
      delete scene.dataset.off;
      scene.parentElement.append(scene);
      scene.querySelectorAll("[data-to]").forEach((choice, number) => {
        choice.parentElement.toggleAttribute("data-off", next !== undefined && next !== `${number}:${choice.dataset.to}`);
        choice.toggleAttribute("data-taken", next !== undefined);
      });
    });
    return sceneOf(this.way.at(-1));
  }

  click(event) {
    const move = event.target.closest("[data-move]");
    if (move) this.move(move);
    const choice = event.target.closest("[data-to]");
    if (!choice) return;
    event.preventDefault();
    if ("taken" in choice.dataset) return;
    const number = [...choice.closest("ul").querySelectorAll("[data-to]")].indexOf(choice);
    const last = this.play([...this.way, `${number}:${choice.dataset.to}`]);
    if (last.dataset.end && !this.test) this.check();
    if (last.dataset.end && this.test) this.tell(this.words.ended);
    this.changed();
    last.focus();
  }

  // Moves a line up or down among the others, which stand by the places they were given; then each says its own.
  move(button) {
    const line = button.closest("li");
    const list = line.parentElement;
    const placeOf = (one) => Number(one.querySelector("select").value) || Infinity;
    const lines = [...list.children].sort((a, b) => placeOf(a) - placeOf(b) || 0);
    const from = lines.indexOf(line);
    const to = Math.max(0, Math.min(lines.length - 1, from + Number(button.dataset.move)));
    lines.splice(to, 0, ...lines.splice(from, 1));
    list.append(...lines);
    lines.forEach((one, place) => (one.querySelector("select").value = String(place + 1)));
    this.verdict.className = "pb-verdict pb-hidden";
    this.verdict.textContent = fill(this.words.moved, line.querySelector("label span").textContent, to + 1);
    this.changed();
    button.focus();
  }

  // -- Answers

  // What is given, as a list of texts; `problem` names what it lacks to be an answer.
  answer() {
    switch (this.type) {
      case "single":
      case "multiple":
      case "true-false": {
        const given = this.all("input:checked").map((input) => input.value);
        return { given, problem: given.length ? "" : this.type === "multiple" ? "tick" : "choose" };
      }
      case "order":
      case "match": {
        const chosen = this.all("select");
        const open = chosen.filter((select) => !select.value);
        const twice = chosen.filter((one) => chosen.some((other) => other !== one && other.value === one.value));
        const problem = open.length ? "complete" : twice.length ? "differ" : "";
        return { given: chosen.map((select) => `${select.name}=${select.value}`), problem, at: open[0] ?? twice.at(-1) };
      }
      case "scenario": {
        const ended = this.scenes().some((scene) => scene.dataset.end);
        return { given: this.way, problem: ended ? "" : "play" };
      }
      default: {
        const text = this.inputs.querySelector("input").value.trim();
        const bad = this.type === "numeric" && Number.isNaN(number(text));
        return { given: [text], problem: !text || !plain(text) ? "write" : bad ? "number" : "" };
      }
    }
  }

  isRight(given) {
    switch (this.type) {
      case "single":
      case "multiple":
      case "true-false":
        return same(given, this.all("[data-right]").map((input) => input.value));
      case "order":
      case "match":
        return same(given, this.all("[data-right]").map((line) => `${line.querySelector("select").name}=${line.dataset.right}`));
      case "fill-in":
        return JSON.parse(this.form.dataset.accept).some((text) => plain(text) === plain(given[0]));
      case "numeric":
        return number(given[0]) === Number(this.form.dataset.number);
      default:
        return this.all("[data-scene]").find((scene) => scene.dataset.scene === given.at(-1).split(":").at(-1)).dataset.end === "good";
    }
  }

  put(given) {
    if (this.type === "scenario") this.play(given);
    for (const input of this.all("input[type=radio], input[type=checkbox]")) input.checked = given.includes(input.value);
    for (const select of this.all("select")) {
      const chosen = given.find((one) => one.startsWith(`${select.name}=`));
      select.value = chosen?.slice(select.name.length + 1) ?? "";
    }
    for (const input of this.all("input[type=text]")) input.value = given[0] ?? "";
  }

  check() {
    const { given, problem, at } = this.answer();
    if (problem) {
      this.verdict.className = "pb-verdict pb-verdict--open";
      this.verdict.textContent = this.words[problem];
      (at ?? this.first()).focus();
      return;
    }
    this.keep(given);
  }

  // Keeps an answer, says what is to be said to it, and announces it.
  keep(given) {
    const sure = this.find("[name=sure]:checked")?.value;
    const answer = { right: this.isRight(given), revision: this.revision, given: [...given], ...(sure && { sure }) };
    let held;
    change((state) => (held = record(state, this.key, answer)));
    this.tell("");
    this.explain(held);
    const detail = { id: this.key, type: this.type, right: held.right, attempt: held.tries, time: held.at };
    this.form.dispatchEvent(new CustomEvent("playbook:answered", { bubbles: true, detail }));
    this.onAnswer(held);
    return held;
  }

  explain({ right, given, sure }) {
    this.answered = { right, given, sure };
    this.since = Date.now();
    for (const level of this.form.querySelectorAll("[name=sure]")) level.checked = level.value === sure;
    this.find(".pb-sure")?.setAttribute("disabled", ""); // asked before the answer is known
    this.mark(given);
    const key = this.find("[data-key]");
    const said = document.createElement("p");
    said.className = "pb-verdict__said";
    said.append(right ? "✓ " : "✗ ", document.createElement("b"));
    said.lastChild.textContent = right ? this.words.right : this.words.wrong;
    if (sure) said.append(` ${this.words[`was_${sure}`]}`);
    const parts = [said];
    const fed = [...key.querySelectorAll("[data-for]")].filter((line) => given.includes(line.dataset.for));
    if (fed.length) {
      const list = document.createElement("ul");
      list.append(...fed.map((line) => line.cloneNode(true)));
      parts.push(list);
    }
    const solution = this.solution(key);
    parts.push(...(right ? solution.slice(-1) : solution));
    this.verdict.className = `pb-verdict pb-verdict--${right ? "right" : "wrong"}`;
    this.verdict.replaceChildren(...parts);
  }

  // Signs beside the options that were chosen.
  mark(given) {
    for (const input of this.all(".pb-option input")) {
      const line = input.closest("li");
      if (given.includes(input.value)) line.dataset.sign = "right" in input.dataset ? "right" : "wrong";
      else delete line.dataset.sign;
    }
  }

  // The end of a test: what is given is kept; where nothing is, there is no answer to keep, but one to read.
  handIn() {
    this.test = false;
    this.form.removeAttribute("data-testing");
    const { given, problem } = this.answer();
    if (!problem) return this.keep(given);
    const key = this.find("[data-key]");
    this.verdict.className = "pb-verdict pb-verdict--open";
    this.verdict.replaceChildren(element("p", { textContent: this.words.unanswered }), ...this.solution(key));
  }

  solution(key) {
    const parts = this.type === "scenario" ? [] : [key.querySelector("[data-solution]")];
    return [...parts, key.querySelector("[data-why]")].map((part) => part.cloneNode(true));
  }

  // In a test nothing is said; without one everything is as it was.
  setTest(test) {
    this.test = test;
    this.form.toggleAttribute("data-testing", test);
    if (test) this.fresh();
    else this.start();
  }
}
