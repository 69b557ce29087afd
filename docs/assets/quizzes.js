// The page of a quiz: practice with an answer at once, a test that is handed in, a result by topic, papers to print.

import { Question } from "./questions.js";
import { element, fill, json, printPart } from "./page.js";
import { change, onChange, unsaved } from "./store.js";

class Quiz {
  constructor(root) {
    this.root = root;
    this.id = root.dataset.quiz;
    this.mark = Number(root.dataset.mark);
    this.words = json("words", root);
    const forms = [...root.querySelectorAll("form[data-question]")];
    this.questions = forms.map((form) => new Question(form, this.words, () => this.show()));
    for (const button of root.querySelectorAll("[data-start-test]")) button.addEventListener("click", () => this.startTest());
    for (const button of root.querySelectorAll("[data-leave-test]")) button.addEventListener("click", () => this.leaveTest());
    for (const button of root.querySelectorAll("[data-print-paper]")) {
      button.addEventListener("click", async () => {
        const { printPaper } = await import("./paper.js");
        printPaper(this, button.dataset.printPaper, this.find("with-key").checked);
      });
    }
    this.find("afresh").addEventListener("click", () => this.afresh());
    this.find("hand-in").addEventListener("click", () => this.handIn());
    root.querySelector("[data-print=result]").addEventListener("click", () => printPart("result"));
    root.addEventListener("input", () => this.show());
    root.addEventListener("change", () => this.show());
    addEventListener("beforeunload", (event) => this.root.dataset.mode === "test" && this.given() && event.preventDefault());
    onChange(() => this.root.dataset.mode === "practice" && this.refresh());
    this.show();
  }

  find(name) {
    return this.root.querySelector(`[data-${name}]`);
  }

  mode(name) {
    this.root.dataset.mode = name;
    this.find("practice").hidden = name !== "practice";
    this.find("leaving").hidden = name !== "test";
    this.find("time").hidden = name !== "test";
    this.find("hand-in-row").hidden = name !== "test";
    this.find("hand-in-status").textContent = "";
    this.find("result").hidden = name !== "result";
    clearInterval(this.clock);
    this.leaving = false;
  }

  // -- Practice

  // Another tab has answered something.
  refresh() {
    for (const question of this.questions) question.refresh();
    this.show();
  }

  afresh() {
    for (const question of this.questions) question.fresh();
    this.show();
    this.questions[0].focus();
  }

  show() {
    const testing = this.root.dataset.mode === "test";
    const done = this.questions.filter((one) => (testing ? !one.answer().problem : one.answered));
    const right = done.filter((one) => one.answered?.right).length;
    this.find("bar").value = done.length;
    const said = testing ? this.words.given : this.words.progress;
    const text = fill(said, done.length, this.questions.length, right);
    if (this.find("said").textContent !== text) this.find("said").textContent = text;
    this.find("status").textContent = unsaved() ? this.words[unsaved()] : "";
    if (this.confirmed !== undefined) this.find("hand-in-status").textContent = "";
    this.confirmed = undefined;
    this.leaving = false;
  }

  // -- The test

  startTest() {
    this.mode("test");
    for (const question of this.questions) question.setTest(true);
    this.began = Date.now();
    this.tell();
    this.clock = setInterval(() => this.tell(), 1000);
    this.show();
    this.questions[0].focus();
  }

  minutes() {
    return Math.floor((Date.now() - this.began) / 60000);
  }

  tell() {
    const text = fill(this.words.time, this.minutes(), this.root.dataset.minutes);
    if (this.find("time").textContent !== text) this.find("time").textContent = text;
  }

  given() {
    return this.questions.filter((question) => !question.answer().problem).length;
  }

  // Asks again before what is given in a test is thrown away.
  leaveTest() {
    if (this.root.dataset.mode === "test" && this.given() && !this.leaving) {
      this.leaving = true;
      this.find("status").textContent = this.words.leaving;
      return;
    }
    this.mode("practice");
    for (const question of this.questions) question.setTest(false);
    this.show();
    this.find("start-test").focus();
  }

  handIn() {
    const open = this.questions.filter((question) => question.answer().problem);
    if (open.length && this.confirmed !== open.length) {
      this.confirmed = open.length;
      const numbers = open.map((question) => question.find(".pb-question__number").textContent);
      this.find("hand-in-status").textContent = fill(this.words.open, numbers.join(this.words.joint));
      return;
    }
    const minutes = this.minutes() + 1; // begun
    this.mode("result");
    for (const question of this.questions) {
      const { given, problem } = question.answer();
      question.test = false;
      question.form.removeAttribute("data-testing");
      if (problem) question.leaveOpen();
      else question.keep(given);
    }
    this.showResult(minutes);
  }

  showResult(minutes) {
    const right = this.questions.filter((question) => question.answered?.right).length;
    const of = this.questions.length;
    const points = Math.floor((right * 100) / of);
    const passed = points >= this.mark;
    change((state) => {
      const at = Date.now();
      if (passed || !state.exams[this.id]?.passed) state.exams[this.id] = { right, of, at, passed: passed ? at : 0 };
    });
    this.find("score").textContent = fill(this.words.score, right, of, points, minutes);
    this.find("outcome").textContent = fill(passed ? this.words.passed : this.words.failed, this.mark);
    this.find("result").classList.toggle("pb-outcome--passed", passed);
    this.find("topics").replaceChildren(...this.byTopic());
    this.show();
    this.find("result").querySelector("h2").focus();
    this.find("result").scrollIntoView();
  }

  // A row for each topic: its name, which leads to what to read where some were wrong, and how many were right.
  byTopic() {
    return [...grouped(this.questions).values()].map((questions) => {
      const right = questions.filter((one) => one.answered?.right).length;
      const link = questions[0].find("[data-key] [data-why] > span a");
      const name = right < questions.length ? link.cloneNode(true) : link.textContent;
      const count = element("td", { textContent: fill(this.words.of, right, questions.length) });
      return element("tr", {}, element("th", { scope: "row" }, name), count);
    });
  }
}

function grouped(questions) {
  const found = new Map();
  for (const one of questions) found.set(one.topic, [...(found.get(one.topic) ?? []), one]);
  return found;
}

for (const root of document.querySelectorAll("[data-quiz]")) new Quiz(root);
