// A quiz as a test: nothing is said before everything is handed in; then a result by topic. Loaded when a test begins.

import { element, fill } from "./page.js";
import { change } from "./store.js";

export class Exam {
  constructor(quiz) {
    this.quiz = quiz;
    this.words = quiz.words;
    this.began = Date.now();
    this.ask = (event) => this.given() && event.preventDefault();
    quiz.exam?.end();
    quiz.mode("test");
    for (const question of quiz.questions) question.setTest(true);
    this.tell();
    this.clock = setInterval(() => this.tell(), 1000);
    addEventListener("beforeunload", this.ask);
    quiz.show();
    quiz.questions[0].focus();
  }

  find(name) {
    return this.quiz.find(name);
  }

  end() {
    clearInterval(this.clock);
    removeEventListener("beforeunload", this.ask);
  }

  minutes() {
    return Math.floor((Date.now() - this.began) / 60000);
  }

  tell() {
    const text = fill(this.words.time, this.minutes(), this.quiz.root.dataset.minutes);
    if (this.find("time").textContent !== text) this.find("time").textContent = text;
  }

  given() {
    return this.quiz.questions.filter((question) => !question.answer().problem).length;
  }

  // Something else is given: what was asked before is asked anew.
  changed() {
    if (this.confirmed) this.find("hand-in-status").textContent = "";
    this.confirmed = false;
    this.leaving = false;
  }

  // Asks again before what is given is thrown away.
  leave() {
    if (this.quiz.root.dataset.mode === "test" && this.given() && !this.leaving) {
      this.leaving = true;
      this.find("status").textContent = this.words.leaving;
      return;
    }
    this.end();
    this.quiz.mode("practice");
    for (const question of this.quiz.questions) question.setTest(false);
    this.quiz.show();
    this.find("start-test").focus();
  }

  handIn() {
    const open = this.quiz.questions.filter((question) => question.answer().problem);
    if (open.length && !this.confirmed) {
      this.confirmed = true;
      const numbers = open.map((question) => question.find(".pb-question__number").textContent);
      this.find("hand-in-status").textContent = fill(this.words.open, numbers.join(this.words.joint));
      return;
    }
    const minutes = this.minutes() + 1; // begun
    this.end();
    this.quiz.mode("result");
    for (const question of this.quiz.questions) question.handIn();
    this.showResult(minutes);
  }

  showResult(minutes) {
    const { id, mark, questions } = this.quiz;
    const right = questions.filter((question) => question.answered?.right).length;
    const of = questions.length;
    const points = Math.floor((right * 100) / of);
    const passed = points >= mark;
    change((state) => {
      const at = Date.now();
      if (passed || !state.exams[id]?.passed) state.exams[id] = { right, of, at, passed: passed ? at : 0 };
    });
    this.find("score").textContent = fill(this.words.score, right, of, points, minutes);
    this.find("outcome").textContent = fill(passed ? this.words.passed : this.words.failed, mark);
    this.find("result").classList.toggle("pb-outcome--passed", passed);
    this.find("topics").replaceChildren(...this.byTopic());
    this.quiz.show();
    this.find("result").querySelector("h2").focus();
    this.find("result").scrollIntoView();
  }

  // A row for each topic: its name, which leads to what to read where some were wrong, and how many were right.
  byTopic() {
    const topics = new Map();
    for (const one of this.quiz.questions) topics.set(one.topic, [...(topics.get(one.topic) ?? []), one]);
    return [...topics.values()].map((questions) => {
      const right = questions.filter((one) => one.answered?.right).length;
      const link = questions[0].find("[data-key] [data-why] > span a");
      const name = right < questions.length ? link.cloneNode(true) : link.textContent;
      const count = element("td", { textContent: fill(this.words.of, right, questions.length) });
      return element("tr", {}, element("th", { scope: "row" }, name), count);
    });
  }
}
