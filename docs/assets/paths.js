// The page of a path: dates from the day somebody starts, what is done and what is next, and its sheets of paper.

import { addDays, dayOf, dateText, today } from "./dates.js";
import { dueOn, outline, progressOf } from "./outline.js";
import { element, fill, json, printPart } from "./page.js";
import { change, onChange, read, unsaved, within } from "./store.js";

const shortly = (day) => dateText(day, "short");
const written = (day) => dateText(day, "long");

class LearningPath {
  constructor(root) {
    this.root = root;
    this.words = json("words", root);
    this.book = outline();
    this.path = this.book.paths[0];
    this.lines = new Map([...root.querySelectorAll("[data-task]")].map((line) => [line.dataset.task, line]));
    this.find("start").addEventListener("change", ({ target }) => this.setStart(target.value));
    root.addEventListener("change", ({ target }) => this.changed(target));
    for (const button of root.querySelectorAll("[data-print]")) {
      button.addEventListener("click", () => {
        this.completion(read());
        printPart(button.dataset.print);
      });
    }
    onChange(() => this.show());
    this.show();
  }

  find(name) {
    return this.root.querySelector(`[data-${name}]`);
  }

  // -- What a person does

  setStart(day) {
    if (day && Number.isNaN(Date.parse(day))) return;
    change((state) => {
      if (day) state.starts[this.path.id] = { day, at: Date.now() };
      else delete state.starts[this.path.id];
    });
    this.show();
  }

  changed(input) {
    const task = input.closest("[data-task]")?.dataset.task;
    if (task && "done" in input.dataset) this.setCount(task, input.checked ? 1 : 0);
    else if (task && "count" in input.dataset) {
      input.value = Math.max(0, Math.min(Math.trunc(input.valueAsNumber || 0), Number(input.max)));
      this.setCount(task, Number(input.value));
    } else if ("sure" in input.dataset) this.setSure(input.dataset.sure, Number(input.value));
  }

  setCount(task, count) {
    change((state) => (within(state, "counts", this.path.id)[task] = { count, at: Date.now() }));
    this.show();
  }

  setSure(name, value) {
    change((state) => (within(state, "confidence", this.path.id)[name] = { value, at: Date.now() }));
    this.show();
  }

  // -- What the page shows

  show() {
    const state = read();
    const start = state.starts[this.path.id]?.day;
    const field = this.find("start");
    if (document.activeElement !== field) field.value = start ?? "";
    const all = this.path.tasks.map((task) => ({ task, ...progressOf(state, this.path, task, this.book) }));
    this.keepCompleted(state, all);
    const done = all.filter(({ at }) => at);
    this.find("bar").value = done.length;
    this.find("said").textContent = fill(this.words.progress, done.length, all.length);
    for (const one of all) this.showTask(one, start);
    for (const stage of this.path.stages) this.showStage(state, stage, start, all);
    this.showNext(all, start);
    this.find("status").textContent = unsaved() ? this.words[unsaved()] : "";
  }

  // A checklist that is complete is noted, so that it stays done here when its boxes are emptied for the next time.
  keepCompleted(state, all) {
    const fresh = all.filter(({ task, at }) => task.kind === "tick" && at && !state.counts[this.path.id]?.[task.id]);
    if (!fresh.length) return;
    change((own) => {
      for (const { task, at } of fresh) within(own, "counts", this.path.id)[task.id] = { count: 1, at };
    });
  }

  showTask({ task, count, at }, start) {
    const line = this.lines.get(task.id);
    const due = start && dueOn(start, task.day);
    const late = due && !at && due < today();
    line.toggleAttribute("data-is-done", Boolean(at));
    line.toggleAttribute("data-is-late", Boolean(late));
    const box = line.querySelector("[data-done]");
    const number = line.querySelector("[data-count]");
    if (box) box.checked = Boolean(at);
    if (number && document.activeElement !== number) number.value = count;
    line.querySelector("[data-due]").textContent = due ? shortly(due) : fill(this.words.day, task.day);
    line.querySelector("[data-state]").textContent = at
      ? fill(this.words.done, shortly(dayOf(at)))
      : late
        ? this.words.late
        : box || number
          ? ""
          : this.words.open;
  }

  showStage(state, { id, from, to }, start, all) {
    const part = this.root.querySelector(`[data-stage="${id}"]`);
    const [first, last] = start ? [from, to].map((number) => shortly(addDays(start, number - 1))) : [];
    const dates = first === last ? `· ${first} ·` : fill(this.words.dates, first, last);
    part.querySelector("[data-dates]").textContent = start ? dates : "·";
    const own = all.filter(({ task }) => task.stage === id);
    part.querySelector("[data-stage-said]").textContent = fill(this.words.progress, own.filter(({ at }) => at).length, own.length);
    for (const input of part.querySelectorAll("[data-sure]")) {
      input.checked = String(state.confidence[this.path.id]?.[input.dataset.sure]?.value) === input.value;
    }
  }

  // What comes next: late first, then what is due today, then the next thing there is.
  showNext(all, start) {
    const open = all.filter(({ at }) => !at);
    const list = this.find("next");
    const day = today();
    const dated = start ? open.map((one) => ({ ...one, due: dueOn(start, one.task.day) })) : open;
    const late = dated.filter(({ due }) => due && due < day);
    const now = dated.filter(({ due }) => due === day);
    const later = dated.filter(({ due }) => !due || due > day).slice(0, 3);
    const said = !open.length ? this.words.all_done : !start ? this.words.no_start : late.length ? this.words.some_late : now.length ? this.words.some_today : fill(this.words.nothing_today, later[0] ? shortly(later[0].due) : "");
    this.find("next-said").textContent = said;
    this.find("next-part").toggleAttribute("data-late", Boolean(late.length));
    list.replaceChildren(
      ...[...late, ...now, ...(late.length + now.length ? [] : later)].slice(0, 6).map(({ task, due }) => {
        const link = element("a", { href: `#${task.id}`, textContent: task.title });
        return element("li", {}, link, " ", element("span", { className: "pb-quiet", textContent: due ? shortly(due) : "" }));
      }),
    );
  }

  // -- Paper

  // What was shown, and nothing else: everything done with its day, tests with their points, how sure somebody was.
  completion(state) {
    const start = state.starts[this.path.id]?.day;
    this.find("completion-dates").textContent = fill(this.words.period, start ? written(start) : "–", written(today()));
    this.find("completion").replaceChildren(
      ...this.path.stages.map((stage) => {
        const own = this.path.tasks.filter((task) => task.stage === stage.id).map((task) => ({ task, ...progressOf(state, this.path, task, this.book) }));
        const begun = own.filter(({ count }) => count);
        const lines = begun.map(({ task, count, at }) => {
          const exam = state.exams[task.target];
          const points = task.kind === "take" && exam ? fill(this.words.points, exam.right, exam.of) : "";
          const times = task.count > 1 ? fill(this.words.times, count, task.count) : "";
          return element("li", {}, [task.title, points || times, at ? shortly(dayOf(at)) : this.words.begun].filter(Boolean).join(" · "));
        });
        const sure = state.confidence[this.path.id] ?? {};
        const before = sure[`${stage.id}:before`]?.value ?? "–";
        const after = sure[`${stage.id}:after`]?.value ?? "–";
        const missing = own.length - own.filter(({ at }) => at).length;
        return element(
          "section",
          {},
          element("h3", { textContent: stage.title }),
          lines.length ? element("ul", {}, ...lines) : "",
          element("p", { textContent: missing ? fill(this.words.missing, missing) : this.words.whole }),
          before === after && after === "–" ? "" : element("p", { textContent: fill(this.words.sure, stage.confidence, before, after) }),
        );
      }),
    );
  }
}

for (const root of document.querySelectorAll("[data-path]")) new LearningPath(root);
