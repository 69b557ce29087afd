// The manager's view: files that people exported, opened side by side in this browser; nothing of them is kept or sent.

import { dayOf, dateText, today } from "./dates.js";
import { byTopic, doneOn, dueOn, outline, progressOf, sureAndWrong } from "./outline.js";
import { element, fill, json } from "./page.js";
import { load, save } from "./transfer.js";

const written = (day) => dateText(day, "long");
// A cell that a spreadsheet would take for a formula is made text.
const cell = (value) => `"${String(value).replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`;
const SHOWN = 5; // of what is late; all of it is in the CSV
const WEAK = 0.6; // below this share of right answers somebody is stuck on a topic, from three answers on

class Team {
  constructor(root) {
    this.root = root;
    this.words = json("words", root);
    this.book = outline();
    this.people = [];
    this.find("files").addEventListener("change", ({ target }) => {
      const files = [...target.files];
      target.value = "";
      this.open(files);
    });
    const place = this.find("drop");
    for (const name of ["dragover", "dragleave", "drop"]) {
      place.addEventListener(name, (event) => {
        event.preventDefault();
        place.toggleAttribute("data-over", name === "dragover");
        if (name === "drop") this.open([...event.dataTransfer.files]);
      });
    }
    this.find("csv").addEventListener("click", () => save(`\ufeff${this.csv()}`, `team-${today()}.csv`, "text/csv"));
    this.find("print").addEventListener("click", () => print());
    this.find("close").addEventListener("click", () => {
      this.people = [];
      this.show();
      this.find("status").textContent = this.words.closed;
      this.find("files").focus();
    });
  }

  find(name) {
    return this.root.querySelector(`[data-${name}]`);
  }

  async open(files) {
    const faults = [];
    for (const file of files) {
      const { state, name, who, exported, fault } = await load(file);
      if (fault) faults.push(fill(this.words[fault], file.name));
      else this.add({ state, name: name || file.name.replace(/\.json$/, ""), who: who || name || file.name, exported });
    }
    this.show();
    const opened = fill(this.words.opened, files.length - faults.length);
    this.find("status").textContent = [opened, ...faults].join(" ");
  }

  // Of two files of the same person the later one is shown.
  add(person) {
    const place = this.people.findIndex((one) => one.who === person.who);
    if (place < 0) this.people.push(person);
    else if (this.people[place].exported <= person.exported) this.people[place] = person;
  }

  show() {
    this.find("opened").hidden = !this.people.length;
    for (const person of this.people) {
      person.scores = byTopic(person.state, this.book);
      person.sure = sureAndWrong(person.state, this.book);
      person.late = this.book.paths.flatMap((path) => this.lateOn(person, path));
    }
    this.showPeople();
    this.showTopics();
    this.showStuck();
  }

  // As of the day on which the file was saved: what was done since is not in it.
  lateOn({ state, exported }, path) {
    const day = exported ? dayOf(exported) : today();
    const start = state.starts[path.id]?.day;
    if (!start) return [];
    return path.tasks
      .map((task) => ({ path, task, due: dueOn(start, task.day), ...progressOf(state, path, task, this.book) }))
      .filter(({ due, at }) => !at && due < day);
  }

  // For a path that somebody is on, how much of it is done.
  pathsOf({ state }) {
    return this.book.paths
      .filter((path) => state.starts[path.id])
      .map((path) => {
        return fill(this.words.path, path.title, doneOn(state, path, this.book), path.tasks.length);
      })
      .join(this.words.joint);
  }

  sums({ scores }) {
    const sum = (name) => scores.reduce((all, score) => all + score[name], 0);
    return { answered: sum("answered"), right: sum("right") };
  }

  row(heading, ...cells) {
    return element("tr", {}, element("th", { scope: "row" }, heading), ...cells.map((text) => element("td", {}, text)));
  }

  showPeople() {
    this.find("people").replaceChildren(
      ...this.people.map((person) => {
        const { answered, right } = this.sums(person);
        const exams = this.book.quizzes.filter(({ id }) => person.state.exams[id]?.passed).length;
        const as = person.exported ? written(dayOf(person.exported)) : "–";
        return this.row(person.name, as, this.pathsOf(person) || "–", String(person.late.length), fill(this.words.of, right, answered), String(exams), String(person.sure.length));
      }),
    );
  }

  showTopics() {
    const head = this.find("topics-head");
    head.replaceChildren(
      element("th", { scope: "col", textContent: this.words.topic }),
      ...this.people.map(({ name }) => element("th", { scope: "col", textContent: name })),
    );
    const topics = this.book.topics.filter((topic) => this.people.some(({ scores }) => scores.some((score) => score.topic === topic && score.answered)));
    this.find("topics").replaceChildren(
      ...topics.map((topic) => {
        const link = element("a", { href: topic.href, textContent: topic.title });
        const line = this.row(link);
        for (const { scores } of this.people) {
          const score = scores.find((one) => one.topic === topic);
          const known = score?.answered;
          const weak = known && isWeak(score);
          line.append(element("td", { className: weak ? "pb-weak" : "", textContent: known ? fill(weak ? this.words.weak : this.words.of, score.right, score.answered) : "–" }));
        }
        return line;
      }),
    );
  }

  showStuck() {
    this.find("stuck").replaceChildren(
      ...this.people.map((person) => {
        const weak = person.scores.filter(isWeak).map(({ topic, right, answered }) =>
          element("li", {}, element("a", { href: topic.href, textContent: topic.title }), ` ${fill(this.words.of, right, answered)}`),
        );
        const late = person.late.slice(0, SHOWN).map(({ path, task, due }) =>
          element("li", {}, element("a", { href: `${path.href}#${task.id}`, textContent: task.title }), ` ${fill(this.words.planned, written(due))}`),
        );
        if (person.late.length > SHOWN) late.push(element("li", { textContent: fill(this.words.more, person.late.length - SHOWN) }));
        const sure = person.sure.map(({ quiz, id, number, topic }) =>
          element("li", {}, element("a", { href: `${quiz.href}#${id}`, textContent: fill(this.words.question, quiz.title, number) }), ` ${this.words.on} `, element("a", { href: topic.href, textContent: topic.title })),
        );
        const part = (title, lines) => (lines.length ? [element("div", {}, element("h4", { textContent: title }), element("ul", {}, ...lines))] : []);
        const parts = [...part(this.words.sure_wrong, sure), ...part(this.words.weak_topics, weak), ...part(this.words.late, late)];
        return element("section", {}, element("h3", { textContent: person.name }), ...(parts.length ? parts : [element("p", { textContent: this.words.nothing })]));
      }),
    );
  }

  // One line per person and topic, then per late thing to do and per "sure and wrong".
  csv() {
    const lines = [this.words.csv_head.split("|")];
    for (const { name, scores, late, sure } of this.people) {
      for (const { topic, asked, answered, right } of scores.filter((score) => score.answered)) {
        lines.push([name, this.words.topic, topic.title, right, answered, asked, ""]);
      }
      for (const { task, due, count } of late) lines.push([name, this.words.late, task.title, count, "", task.count, due]);
      for (const { quiz, number } of sure) lines.push([name, this.words.sure_wrong, fill(this.words.question, quiz.title, number), "", "", "", ""]);
    }
    return lines.map((line) => line.map(cell).join(",")).join("\r\n");
  }
}

const isWeak = ({ right, answered }) => answered >= 3 && right / answered < WEAK;

for (const root of document.querySelectorAll("[data-team]")) new Team(root);
