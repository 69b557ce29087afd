// The page of one's own progress: topics, qualities, paths, and what to do with the file that holds it all.

import { dayOf, dateText } from "./dates.js";
import { due, missed } from "./leitner.js";
import { byTopic, doneOn, listsOf, outline, sureAndWrong } from "./outline.js";
import { radar } from "./radar.js";
import { element, fill, json } from "./page.js";
import { change, onChange, read, unsaved } from "./store.js";
import { clear, exported, load, merge, save } from "./transfer.js";

const bar = (value, of) => element("progress", { value, max: of || 1, ariaHidden: "true" });

class Progress {
  constructor(root) {
    this.root = root;
    this.words = json("words", root);
    this.book = outline();
    this.find("export").addEventListener("submit", (event) => {
      event.preventDefault();
      if (unsaved() === "newer") return this.say(this.words.newer);
      const name = new FormData(event.target).get("name").trim();
      const file = ["playbook", ...name.match(/[\p{L}\p{N}]+/gu) ?? [], dayOf(Date.now())].join("-");
      save(exported(name), `${file}.json`, "application/json");
      this.say(this.words.saved);
    });
    this.find("import").addEventListener("change", ({ target }) => this.import(target));
    this.find("clear").addEventListener("click", () => this.clear());
    this.find("undo").addEventListener("click", () => this.undo());
    this.find("print").addEventListener("click", () => print());
    onChange(() => {
      this.find("undo").hidden = true; // It would take back what was done on the other page, too.
      this.show();
    });
    this.show();
  }

  find(name) {
    return this.root.querySelector(`[data-${name}]`);
  }

  say(text) {
    this.find("status").textContent = [text, unsaved() && this.words[unsaved()]].filter(Boolean).join(" ");
  }

  // -- The file

  async import(input) {
    const [file] = input.files;
    if (!file) return;
    this.find("undo").hidden = true;
    const { state, fault, elsewhere } = await load(file);
    input.value = "";
    if (fault) return this.say(this.words[fault]);
    this.before = structuredClone({ ...read() });
    change((own) => merge(own, state));
    this.show();
    this.say(elsewhere ? this.words.merged_elsewhere : this.words.merged);
    this.find("undo").hidden = false;
  }

  clear() {
    this.before = structuredClone({ ...read() });
    clear();
    this.show();
    this.say(this.words.cleared);
    this.find("undo").hidden = false;
    this.find("undo").focus();
  }

  undo() {
    change((state) => Object.assign(state, this.before));
    this.before = undefined;
    this.show();
    this.say(this.words.undone);
    this.find("undo").hidden = true;
    this.find("status").focus();
  }

  // -- What there is to see

  show() {
    const state = read();
    const scores = byTopic(state, this.book);
    const begun =
      this.book.questions.some((one) => state.answers[one.key]) || this.pathsBegun(state).length || this.listsBegun(state).length;
    this.find("none").hidden = Boolean(begun);
    this.find("all").hidden = !begun;
    if (unsaved()) this.say("");
    if (!begun) return;
    this.showSums(state, scores);
    this.showTopics(scores);
    this.showRadars(scores);
    this.showBoxes(state);
    this.showPaths(state);
    this.showSure(state);
  }

  showSums(state, scores) {
    const answered = scores.reduce((sum, score) => sum + score.answered, 0);
    const right = scores.reduce((sum, score) => sum + score.right, 0);
    const values = {
      answered: fill(this.words.of, answered, this.book.questions.length),
      right: fill(this.words.of, right, answered),
      due: due(state, this.book.questions).length,
      missed: missed(state, this.book.questions).length,
    };
    for (const [name, value] of Object.entries(values)) this.find(`sum-${name}`).textContent = value;
  }

  showTopics(scores) {
    const seen = scores.filter((score) => score.answered);
    this.find("topics").replaceChildren(
      ...seen.map(({ topic, asked, answered, right }) => {
        const link = element("a", { href: topic.href, textContent: topic.title });
        const kind = element("span", { className: "pb-quiet", textContent: topic.kind });
        return element(
          "tr",
          {},
          element("th", { scope: "row" }, link, " ", kind),
          element("td", {}, bar(right, answered), " ", fill(this.words.of, right, answered)),
          element("td", { textContent: asked - answered }),
        );
      }),
    );
    this.find("topics-part").hidden = !seen.length;
  }

  showRadars(scores) {
    for (const part of this.root.querySelectorAll("[data-radar]")) {
      const own = scores.filter((score) => score.topic.ref.startsWith(`${part.dataset.radar}/`));
      part.hidden = own.length < 3 || !own.some((score) => score.answered);
      if (part.hidden) continue;
      const values = own.map((score) => ({ name: score.topic.title, value: score.answered ? score.right / score.answered : undefined }));
      part.querySelector("[data-picture]").replaceChildren(radar(values));
      part.querySelector("tbody").replaceChildren(
        ...own.map(({ topic, answered, right }) =>
          element(
            "tr",
            {},
            element("th", { scope: "row" }, element("a", { href: topic.href, textContent: topic.title })),
            element("td", { textContent: answered ? fill(this.words.of, right, answered) : this.words.not_asked }),
          ),
        ),
      );
    }
  }

  showBoxes(state) {
    const held = this.book.questions.map((one) => state.boxes[one.key]?.box).filter(Boolean);
    for (const cell of this.root.querySelectorAll("[data-box]")) {
      const count = held.filter((box) => box === Number(cell.dataset.box)).length;
      cell.replaceChildren(bar(count, held.length), ` ${count}`);
    }
  }

  pathsBegun(state) {
    return this.book.paths.filter(({ id }) => state.starts[id] || state.counts[id] || state.confidence[id]);
  }

  listsBegun(state) {
    return this.book.checklists.map((list) => ({ list, ...listsOf(state, list) })).filter(({ begun }) => begun);
  }

  showPaths(state) {
    const begun = this.pathsBegun(state);
    this.find("paths-part").hidden = !begun.length;
    this.find("paths").replaceChildren(
      ...begun.map((path) => {
        const done = doneOn(state, path, this.book);
        const start = state.starts[path.id]?.day;
        const sure = state.confidence[path.id] ?? {};
        const stages = path.stages.filter(({ id }) => sure[`${id}:before`] || sure[`${id}:after`]);
        return element(
          "li",
          { className: "pb-card" },
          element("h3", { className: "pb-card__title" }, element("a", { href: path.href, textContent: path.title })),
          element("p", { textContent: start ? fill(this.words.since, dateText(start, "long")) : "" }),
          element("p", { className: "pb-card__facts" }, bar(done, path.tasks.length), fill(this.words.done, done, path.tasks.length)),
          ...stages.map(({ id, title }) =>
            element("p", { textContent: fill(this.words.sure, title, sure[`${id}:before`]?.value ?? "–", sure[`${id}:after`]?.value ?? "–") }),
          ),
        );
      }),
    );
    const lists = this.listsBegun(state);
    this.find("lists-part").hidden = !lists.length;
    this.find("lists").replaceChildren(
      ...lists.map(({ list, begun: count, complete }) =>
        element("li", {}, element("a", { href: list.href, textContent: list.title }), ` ${fill(this.words.lists, count, complete)}`),
      ),
    );
  }

  showSure(state) {
    const found = sureAndWrong(state, this.book);
    this.find("sure-part").hidden = !found.length;
    this.find("sure").replaceChildren(
      ...found.map(({ quiz, id, number, topic }) =>
        element(
          "li",
          {},
          element("a", { href: `${quiz.href}#${id}`, textContent: fill(this.words.question, quiz.title, number) }),
          ` ${this.words.on} `,
          element("a", { href: topic.href, textContent: topic.title }),
        ),
      ),
    );
  }
}

for (const root of document.querySelectorAll("[data-progress-page]")) new Progress(root);
