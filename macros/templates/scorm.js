// Between the questions of a package and the learning management system (LMS) that shows it: finds the system, reports
// each answer that counts, the score and how far somebody is, and takes up where they left. Words come from the page.
// The first answer to a question counts. Nothing stays in the browser, which several people may use: the LMS keeps it.

import { fill, json } from "./assets/page.js";
import { Question } from "./assets/questions.js";
import { change } from "./assets/store.js";

// What differs between the versions of the standard; everything else is the same in both.
const VERSIONS = {
  1.2: {
    api: "API",
    verbs: { begin: "LMSInitialize", end: "LMSFinish", get: "LMSGetValue", set: "LMSSetValue", save: "LMSCommit" },
    names: { mode: "cmi.core.lesson_mode", exit: "cmi.core.exit", session: "cmi.core.session_time", score: "cmi.core.score", response: "student_response", time: "time" },
    room: 4096,
    wrong: "wrong",
    left: "",
    length: (ms) => clock(ms, 4),
    now: () => new Date().toTimeString().slice(0, 8),
  },
  2004: {
    api: "API_1484_11",
    verbs: { begin: "Initialize", end: "Terminate", get: "GetValue", set: "SetValue", save: "Commit" },
    names: { mode: "cmi.mode", exit: "cmi.exit", session: "cmi.session_time", score: "cmi.score", response: "learner_response", time: "timestamp" },
    room: 64000,
    wrong: "incorrect",
    left: "normal",
    length: (ms) => `PT${(ms / 1000).toFixed(2)}S`,
    now: () => `${new Date().toISOString().slice(0, 19)}.0Z`,
  },
};

const pad = (number, width = 2) => String(number).padStart(width, "0");
// Milliseconds as "0001:02:03.45".
function clock(ms, width) {
  const seconds = Math.floor(ms / 1000);
  const parts = [pad(Math.floor(seconds / 3600), width), pad(Math.floor(seconds / 60) % 60), pad(seconds % 60)];
  return `${parts.join(":")}.${pad(Math.floor(ms / 10) % 100)}`;
}

// The object by which an LMS is spoken to: in a frame around this page, or around the one that opened it.
function find(name) {
  const around = (start) => {
    try {
      for (let frame = start; frame; frame = frame.parent === frame ? null : frame.parent) if (frame[name]) return frame[name];
    } catch {
      // A frame of another host, which cannot be looked into.
    }
    return undefined;
  };
  return around(window) ?? around(window.opener) ?? around(window.top?.opener);
}

class Lms {
  constructor(version) {
    this.version = version;
    this.api = find(version.api);
    this.open = this.call("begin", "") === "true";
  }

  call(verb, ...values) {
    try {
      return String(this.api[this.version.verbs[verb]](...values));
    } catch {
      return "false"; // no LMS, or one that fails
    }
  }

  get(name) {
    return this.open ? this.call("get", name) : "";
  }

  set(name, value) {
    return this.open && this.call("set", name, String(value)) === "true";
  }

  save() {
    if (this.open) this.call("save", "");
  }

  close() {
    if (this.open) this.call("end", "");
    this.open = false;
  }
}

const LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz";

// What was given, short enough for the little room that an LMS has: a character for each part of the question.
function packed({ type, parts }, given) {
  const place = (id) => LETTERS[parts.indexOf(id)];
  switch (type) {
    case "order":
    case "match": {
      const chosen = Object.fromEntries(given.map((one) => one.split("=")));
      return parts.map((id) => (type === "order" ? chosen[id] : place(chosen[id]))).join("");
    }
    case "scenario":
      return given.map((step) => step.split(":")).map((step) => (step[1] ? step[0] : "0") + place(step.at(-1))).join("");
    case "single":
    case "multiple":
    case "true-false":
      return given.map(place).join("");
    default:
      return given[0];
  }
}

function unpacked({ type, parts }, text) {
  const characters = [...text];
  const part = (character) => parts[LETTERS.indexOf(character)];
  switch (type) {
    case "order":
      return characters.map((place, number) => `${parts[number]}=${place}`);
    case "match":
      return characters.map((character, number) => `${parts[number]}=${part(character)}`);
    case "scenario":
      return (text.match(/../g) ?? []).map(([choice, scene], number) => (number ? `${choice}:${part(scene)}` : part(scene)));
    case "single":
    case "multiple":
    case "true-false":
      return characters.map(part);
    default:
      return [text];
  }
}

// What was given, in the words of the standard.
function response(course, { type, parts }, given) {
  const old = course.version === "1.2";
  const name = (id) => (old ? "abcdefghijklmnopqrstuvwxyz"[parts.indexOf(id)] : id);
  const [comma, dot] = old ? [",", "."] : ["[,]", "[.]"];
  const pairs = given.map((one) => one.split("="));
  switch (type) {
    case "true-false":
      return old ? given[0][0] : given[0];
    case "single":
    case "multiple":
      return parts.filter((id) => given.includes(id)).map(name).join(comma);
    case "order":
      return pairs.sort((a, b) => a[1] - b[1]).map(([id]) => name(id)).join(comma);
    case "match":
      return pairs.map(([left, right]) => name(left) + dot + name(right)).join(comma);
    case "numeric":
      return given[0].normalize("NFKC").replace(/[\s,，'’_]/g, "").match(/[+-]?\d+(\.\d+)?/)[0].replace("+", "");
    case "fill-in":
      return old ? given[0].slice(0, 255) : `{lang=${course.language}}${given[0].replaceAll("[,]", ",").replace(/^\{/, "(")}`;
    default:
      return given.join(" ").slice(0, old ? 255 : 4000);
  }
}

class Course {
  constructor(root) {
    this.root = root;
    this.words = json("words", root);
    this.course = json("course", root);
    this.version = VERSIONS[this.course.version];
    this.lms = new Lms(this.version);
    // Somebody looks at what was done before: nothing of it may change.
    this.silent = ["review", "browse"].includes(this.lms.get(this.version.names.mode));
    this.began = performance.now(); // which no change of the clock turns back
    this.counted = new Map(); // question: whether it was right, what was given
    this.places = this.placesHeld();
    this.take();
    this.questions = [...root.querySelectorAll("form[data-question]")].map((form) => this.question(form));
    for (const one of this.questions) if (this.counted.has(one.key)) this.lock(one);
    this.find("take-again").addEventListener("click", () => this.again());
    this.begin();
    this.show();
  }

  find(name) {
    return this.root.querySelector(`[data-${name}]`);
  }

  question(form) {
    // How sure somebody is and to try again are for practice.
    form.querySelector(".pb-sure").remove();
    form.querySelector("[data-again]").hidden = true;
    const question = new Question(form, this.words);
    let seen;
    form.addEventListener("focusin", () => (seen ??= performance.now()));
    form.addEventListener("playbook:answered", ({ detail }) => {
      if (this.counted.has(detail.id)) return;
      this.count(question, detail, seen === undefined ? 0 : performance.now() - seen);
      seen = undefined;
    });
    return question;
  }

  lock(question) {
    question.form.dataset.counted = "";
    question.form.querySelector("fieldset").disabled = true;
    question.verdict.tabIndex = -1;
  }

  get done() {
    return this.counted.size === this.questions.length;
  }

  get right() {
    return [...this.counted.values()].filter(([right]) => right).length;
  }

  get points() {
    return Math.floor((this.right * 100) / this.questions.length);
  }

  get passed() {
    return this.points >= this.course.mark;
  }

  // -- What the LMS kept

  // The questions that the LMS holds already, by their ids; of version 1.2 they cannot be read.
  placesHeld() {
    if (this.course.version === "1.2") return new Map();
    const count = Number(this.lms.get("cmi.interactions._count")) || 0;
    return new Map(Array.from({ length: count }, (_, place) => [this.lms.get(`cmi.interactions.${place}.id`), place]));
  }

  // Answers as they were when somebody left; those of questions that have changed since are passed over.
  take() {
    let held = {};
    try {
      held = JSON.parse(this.lms.get("cmi.suspend_data") || "{}");
    } catch {
      // Not what this page wrote.
    }
    this.round = Number.isInteger(held.round) ? held.round : 1;
    const keys = new Map(Object.entries(this.course.questions).map(([key, one]) => [one.mark, key]));
    change((state) => {
      for (const [mark, text] of Object.entries(held.answers ?? {})) {
        const key = keys.get(mark);
        if (key === undefined) continue;
        const right = text[0] === "1";
        const given = unpacked(this.course.questions[key], text.slice(1)).map(String);
        this.counted.set(key, [right, text.slice(1)]);
        state.answers[key] = { right, given, revision: Number.MAX_SAFE_INTEGER, tries: this.round, at: 0 };
      }
    });
  }

  // Where there is too little room, the longest answers are kept as right or wrong alone.
  kept() {
    const answers = Object.fromEntries([...this.counted].map(([key, [right, text]]) => [this.course.questions[key].mark, `${right ? 1 : 0}${text}`]));
    const longest = Object.keys(answers).sort((a, b) => answers[b].length - answers[a].length);
    const written = () => JSON.stringify({ round: this.round, answers });
    while (written().length > this.version.room && longest.length) {
      const mark = longest.shift();
      answers[mark] = answers[mark][0];
    }
    return written();
  }

  // -- What the LMS is told

  begin() {
    if (!this.counted.size) this.report();
    addEventListener("pagehide", () => this.leave());
    // A page that comes back from the browser's memory has ended its session.
    addEventListener("pageshow", (event) => event.persisted && location.reload());
    document.addEventListener("visibilitychange", () => document.hidden && this.report());
  }

  count(question, { id, right }, spent) {
    const { given } = question.answered;
    this.counted.set(id, [right, packed(this.course.questions[id], given)]);
    this.lock(question);
    if (question.type !== "scenario") question.verdict.focus();
    if (!this.silent) this.interaction(id, right, given, spent);
    this.report();
    this.show();
    if (this.done) this.find("result").querySelector("h2").focus();
  }

  interaction(key, right, given, spent) {
    const { names, wrong, length, now } = this.version;
    const asked = this.course.questions[key];
    const fresh = !this.places.has(asked.id);
    if (fresh) this.places.set(asked.id, Number(this.lms.get("cmi.interactions._count")) || 0);
    const set = (name, value) => this.lms.set(`cmi.interactions.${this.places.get(asked.id)}.${name}`, value);
    if (fresh) {
      set("id", asked.id);
      set("type", asked.as);
      asked.right.forEach((pattern, number) => set(`correct_responses.${number}.pattern`, pattern));
      if (asked.text) set("description", asked.text);
    }
    set(names.time, now());
    set(names.response, response(this.course, asked, given));
    set("result", right ? "correct" : wrong);
    set("latency", length(spent));
  }

  report() {
    if (this.silent) return;
    const { names, left, length } = this.version;
    const { lms, done } = this;
    lms.set(`${names.score}.min`, 0);
    lms.set(`${names.score}.max`, 100);
    lms.set(`${names.score}.raw`, this.points);
    if (this.course.version === "1.2") {
      lms.set("cmi.core.lesson_status", done ? (this.passed ? "passed" : "failed") : "incomplete");
    } else {
      lms.set(`${names.score}.scaled`, this.points / 100);
      lms.set("cmi.progress_measure", (this.counted.size / this.questions.length).toFixed(2));
      lms.set("cmi.completion_status", done ? "completed" : "incomplete");
      lms.set("cmi.success_status", done ? (this.passed ? "passed" : "failed") : "unknown");
    }
    lms.set("cmi.suspend_data", this.kept());
    lms.set(names.session, length(performance.now() - this.began));
    lms.set(names.exit, done ? left : "suspend");
    lms.save();
  }

  leave() {
    this.report();
    this.lms.close();
  }

  // -- The page

  show() {
    const text = fill(this.words.progress, this.counted.size, this.questions.length, this.right);
    this.find("bar").value = this.counted.size;
    this.find("said").textContent = text;
    this.find("status").textContent = this.lms.open ? "" : this.words.blocked;
    const result = this.find("result");
    result.hidden = !this.done;
    result.classList.toggle("pb-outcome--passed", this.passed);
    this.find("score").textContent = text;
    this.find("outcome").textContent = fill(this.passed ? this.words.passed : this.words.failed, this.course.mark);
    this.find("take-again").hidden = this.passed || this.silent;
  }

  again() {
    this.round++;
    this.counted.clear();
    for (const question of this.questions) {
      delete question.form.dataset.counted;
      question.form.querySelector("fieldset").disabled = false;
      question.fresh();
    }
    this.report();
    this.show();
    this.questions[0].first().focus();
  }
}

// The store finds no storage, and keeps what it is given on this page alone.
Object.defineProperty(window, "localStorage", {
  get() {
    throw new DOMException("kept by the LMS", "SecurityError");
  },
});
new Course(document.querySelector("main"));
