// The page of a quiz: practice with an answer at once; what a test and a paper need is loaded when somebody asks for one.

import { Question } from "./questions.js";
import { fill, json, printPart } from "./page.js";
import { onChange, unsaved } from "./store.js";

class Quiz {
  constructor(root) {
    this.root = root;
    this.id = root.dataset.quiz;
    this.mark = Number(root.dataset.mark);
    this.words = json("words", root);
    const forms = [...root.querySelectorAll("form[data-question]")];
    this.questions = forms.map((form) => new Question(form, this.words, () => this.show()));
    for (const button of root.querySelectorAll("[data-start-test]")) {
      button.addEventListener("click", async () => {
        const { Exam } = await import("./exam.js");
        this.exam = new Exam(this);
      });
    }
    for (const button of root.querySelectorAll("[data-leave-test]")) button.addEventListener("click", () => this.exam.leave());
    for (const button of root.querySelectorAll("[data-print-paper]")) {
      button.addEventListener("click", async () => {
        const { printPaper } = await import("./paper.js");
        printPaper(this, button.dataset.printPaper, this.find("with-key").checked);
      });
    }
    this.find("afresh").addEventListener("click", () => this.afresh());
    this.find("hand-in").addEventListener("click", () => this.exam.handIn());
    root.querySelector("[data-print=result]").addEventListener("click", () => printPart("result"));
    root.addEventListener("input", () => this.show());
    root.addEventListener("change", () => this.show());
    onChange(() => this.root.dataset.mode === "practice" && this.refresh());
    this.show();
  }

  find(name) {
    return this.root.querySelector(`[data-${name}]`);
  }

  // What the page shows: "practice", "test" or "result".
  mode(name) {
    this.root.dataset.mode = name;
    this.find("practice").hidden = name !== "practice";
    this.find("leaving").hidden = name !== "test";
    this.find("time").hidden = name !== "test";
    this.find("hand-in-row").hidden = name !== "test";
    this.find("hand-in-status").textContent = "";
    this.find("result").hidden = name !== "result";
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
    this.exam?.changed();
  }
}

for (const root of document.querySelectorAll("[data-quiz]")) new Quiz(root);
