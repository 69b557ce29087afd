// Review: what is due, missed, of one topic or of a mixed quiz, one question at a time; and the days to come.

import { addDays, dayOf, dateText, today } from "./dates.js";
import { due, missed } from "./leitner.js";
import { outline } from "./outline.js";
import { Question, shuffled } from "./questions.js";
import { element, fill, json } from "./page.js";
import { onChange, read, unsaved } from "./store.js";

class Review {
  constructor(root) {
    this.root = root;
    this.words = json("words", root);
    this.book = outline();
    this.pages = new Map(); // the page of each quiz, fetched once
    this.find("topics").addEventListener("submit", (event) => {
      event.preventDefault();
      const ref = new FormData(event.target).get("topic");
      this.start(this.book.questions.filter((one) => one.topic.ref === ref));
    });
    this.find("due").addEventListener("click", () => this.start(due(read(), this.book.questions)));
    this.find("missed").addEventListener("click", () => this.start(missed(read(), this.book.questions)));
    this.find("mixed").addEventListener("click", () => this.start(this.book.questions.filter((one) => one.quiz.mixed)));
    this.find("next").addEventListener("click", () => this.next());
    this.find("stop").addEventListener("click", () => this.stop());
    onChange(() => this.show());
    this.show();
  }

  find(name) {
    return this.root.querySelector(`[data-${name}]`);
  }

  // -- What there is

  show() {
    const state = read();
    const counts = { due: due(state, this.book.questions), missed: missed(state, this.book.questions) };
    for (const [name, found] of Object.entries(counts)) {
      this.find(name).disabled = !found.length;
      this.find(`${name}-count`).textContent = fill(found.length === 1 ? this.words.question : this.words.questions, found.length);
    }
    const begun = Object.keys(state.answers).length > 0;
    this.find("mixed").disabled = !this.book.questions.some((one) => one.quiz.mixed);
    this.find("none").hidden = begun;
    this.find("calendar-part").hidden = !begun;
    this.find("calendar").replaceChildren(...this.days(state));
    const week = due(state, this.book.questions, addDays(today(), 6)).length;
    this.find("forecast").textContent = fill(this.words.week, week);
    this.find("status").textContent = unsaved() ? this.words[unsaved()] : "";
  }

  // A week back, with what was answered last on each day; today and a week ahead, with what falls due.
  days(state) {
    const day = today();
    const answered = this.book.questions.map((one) => state.answers[one.key]).filter(Boolean).map(({ at }) => dayOf(at));
    return Array.from({ length: 14 }, (_, place) => {
      const date = addDays(day, place - 7);
      const past = place < 7;
      const count = past
        ? answered.filter((one) => one === date).length
        : due(state, this.book.questions, date).length - (place > 7 ? due(state, this.book.questions, addDays(date, -1)).length : 0);
      const cell = document.createElement("li");
      if (place === 7) cell.setAttribute("aria-current", "date");
      cell.className = past ? "pb-day pb-day--past" : "pb-day";
      const shown = element("span", { ariaHidden: "true", textContent: dateText(date, "weekday") });
      const number = element("b", { ariaHidden: "true", textContent: count || "·" });
      const said = element("span", { className: "pb-hidden" });
      said.textContent = fill(past ? this.words.was : place === 7 ? this.words.now : this.words.will, dateText(date, "said"), count);
      cell.append(shown, number, said);
      return cell;
    });
  }

  // -- One after the other

  // Questions of a quiz whose topics are easily confused are mixed; others stay together by topic.
  inOrder(questions) {
    const day = today();
    return this.book.quizzes.flatMap((quiz) => {
      const own = questions.filter((one) => one.quiz === quiz);
      const topics = [...new Set(own.map((one) => one.topic))];
      return quiz.mixed ? shuffled(own, `${quiz.id}:${day}`) : topics.flatMap((topic) => own.filter((one) => one.topic === topic));
    });
  }

  async start(questions) {
    this.queue = this.inOrder(questions);
    this.place = 0;
    this.right = 0;
    this.find("menu").hidden = true;
    this.find("asking").hidden = false;
    this.find("done").hidden = true;
    await this.ask();
  }

  async ask() {
    const { quiz, id } = this.queue[this.place];
    const queue = this.queue;
    const place = this.find("question");
    this.find("next").hidden = true;
    this.failed = false;
    try {
      const page = await this.page(quiz.href);
      if (queue !== this.queue) return; // stopped meanwhile, or begun anew
      const form = document.importNode(page.getElementById(id), true);
      form.querySelector(".pb-question__number").textContent = this.place + 1;
      // Links of its page lead from there, not from here.
      for (const link of form.querySelectorAll("a[href]:not([data-to])")) {
        link.href = new URL(link.getAttribute("href"), new URL(quiz.href, location.href));
      }
      place.replaceChildren(form);
      let first = true;
      const question = new Question(form, this.words, (answer) => {
        if (first && answer.right) this.right++;
        first = false;
        this.find("next").hidden = false;
        this.say();
      });
      question.fresh();
      this.find("next").textContent = this.place + 1 < this.queue.length ? this.words.next : this.words.finish;
      this.say();
      question.focus();
    } catch {
      place.replaceChildren();
      this.failed = true;
      this.find("said").textContent = this.words.failed;
      this.find("next").textContent = this.words.retry;
      this.find("next").hidden = false;
    }
  }

  say() {
    this.find("bar").max = this.queue.length;
    this.find("bar").value = this.place + (this.find("next").hidden ? 0 : 1);
    this.find("said").textContent = fill(this.words.place, this.place + 1, this.queue.length);
  }

  page(address) {
    if (!this.pages.has(address)) {
      const loading = fetch(address).then(async (answer) => {
        if (!answer.ok) throw new Error(answer.statusText);
        return new DOMParser().parseFromString(await answer.text(), "text/html");
      });
      loading.catch(() => this.pages.delete(address));
      this.pages.set(address, loading);
    }
    return this.pages.get(address);
  }

  async next() {
    if (this.failed) return this.ask();
    this.place++;
    if (this.place < this.queue.length) return this.ask();
    this.find("question").replaceChildren();
    this.find("asking").hidden = true;
    const done = this.find("done");
    done.hidden = false;
    done.querySelector("p").textContent = fill(this.words.score, this.right, this.queue.length);
    this.stop();
    done.focus();
  }

  stop() {
    this.queue = [];
    this.find("asking").hidden = true;
    this.find("question").replaceChildren();
    this.find("menu").hidden = false;
    this.show();
    if (this.find("done").hidden) this.find("heading").focus();
  }
}

for (const root of document.querySelectorAll("[data-review]")) new Review(root);
