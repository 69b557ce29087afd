// What a reader has done, kept in this browser alone: read afresh before every change, so that two tabs do not
// overwrite each other, and keyed by the ids of entries and their parts, so that it survives edits and a change of language.

export const SCHEMA = 1;
// Both languages share it, another playbook on the same host does not.
export const SITE = new URL("../../", import.meta.url);
const KEY = `playbook.progress:${SITE.pathname}`;

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isTime = (value) => Number.isFinite(value);
const isCount = (value) => Number.isInteger(value) && value >= 0;
const isShort = (value) => typeof value === "string" && value.length <= 200;
const isDay = (value) => typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));
const isSure = (value) => [undefined, "sure", "think", "guess"].includes(value);
const isGiven = (value) => Array.isArray(value) && value.length <= 60 && value.every(isShort);

// Each part: under how many ids its records lie, and what a sound record is. Times are in milliseconds.
export const PARTS = {
  // checklist, instance, step: time; below zero: unticked at that time
  ticks: [3, isTime],
  // checklist, instance
  instances: [2, (one) => isObject(one) && isShort(one.name) && isTime(one.started) && isTime(one.at)],
  // checklist: the instance that is open
  current: [1, isShort],
  // quiz/question: the last answer, how often it was tried, how sure somebody was (sure, think, guess)
  answers: [1, (one) => isObject(one) && typeof one.right === "boolean" && isCount(one.revision) && isCount(one.tries) && isTime(one.at) && isGiven(one.given) && isSure(one.sure)],
  // quiz/question: the Leitner box and the day on which it is due
  boxes: [1, (one) => isObject(one) && one.box >= 1 && one.box <= 5 && isCount(one.box) && isDay(one.due) && isTime(one.at)],
  // quiz: the test that was passed last, or the last one where none was; `passed` is its time or 0
  exams: [1, (one) => isObject(one) && isCount(one.right) && isCount(one.of) && isTime(one.at) && isTime(one.passed)],
  // path: the first day
  starts: [1, (one) => isObject(one) && isDay(one.day) && isTime(one.at)],
  // path, task: how often it was done
  counts: [2, (one) => isObject(one) && isCount(one.count) && isTime(one.at)],
  // path, "stage:before" or "stage:after": from 1 to 5
  confidence: [2, (one) => isObject(one) && isCount(one.value) && one.value >= 1 && one.value <= 5 && isTime(one.at)],
};

let memory; // holds what is done on this page where nothing can be saved
let why = ""; // "blocked" or "newer" where nothing can be saved

// Without a prototype, no id of an entry can be mistaken for something that every object has.
export const bare = (value) => Object.assign(Object.create(null), value);
const deep = (value) => {
  if (!isObject(value)) return value;
  const made = Object.create(null);
  for (const [name, part] of Object.entries(value)) made[name] = deep(part);
  return made;
};

// Leaves out every record that is not sound.
function sound(value, depth, isSound) {
  const kept = bare({});
  if (!isObject(value)) return kept;
  for (const [name, part] of Object.entries(value)) {
    if (depth > 1) {
      if (isObject(part)) kept[name] = sound(part, depth - 1, isSound);
    } else if (isSound(part)) kept[name] = part;
  }
  return kept;
}

// A state with every part, from a text that this page or another browser wrote; an error where it is none.
export function parse(text) {
  const value = deep(JSON.parse(text));
  if (!isObject(value)) throw new TypeError("not what a playbook wrote");
  if (value.schema > SCHEMA) throw new RangeError("newer");
  for (const [part, rule] of Object.entries(PARTS)) value[part] = sound(value[part], ...rule);
  value.schema = SCHEMA;
  return value;
}

const empty = () => parse("{}");

export function read() {
  if (memory) return memory;
  let text;
  try {
    text = localStorage.getItem(KEY);
  } catch {
    why = "blocked";
    return (memory = empty());
  }
  try {
    return parse(text ?? "{}");
  } catch (error) {
    if (error.message === "newer") {
      why = "newer";
      return (memory = empty());
    }
    // It is no use to this page, but perhaps to somebody who can mend it.
    try {
      localStorage.setItem(`${KEY}:damaged`, text);
    } catch {
      // There is no room for it.
    }
    return empty();
  }
}

// Changes what is kept: `edit` gets it as it is now. Gives what it has become.
export function change(edit) {
  const state = read();
  edit(state);
  if (!memory) {
    try {
      localStorage.setItem(KEY, JSON.stringify(state));
    } catch {
      why = "blocked";
      memory = state;
    }
  }
  return state;
}

export const unsaved = () => why;

// Calls back when something was changed on another page.
export function onChange(callback) {
  addEventListener("storage", (event) => (event.key === KEY || event.key === null) && callback());
  // A page that comes back as it was left knows nothing of what was done on others.
  addEventListener("pageshow", (event) => event.persisted && callback());
}

// The part of a state for one checklist or path, made where it is missing.
export const within = (state, part, list) => (state[part][list] ??= bare({}));
export const isTicked = (time) => time > 0;
