// What a reader has done, kept in this browser alone: read afresh before every change, so that two tabs do not
// overwrite each other, and keyed by the ids of entries and their parts, so that it survives edits and a change of language.
//
// { schema: 1,
//   ticks: { checklist: { instance: { step: time } } }          milliseconds; below zero: unticked at that time
//   instances: { checklist: { instance: { name, started, revision, at } } }
//   current: { checklist: instance } }                            the one that is open

export const SCHEMA = 1;
// Both languages share it, another playbook on the same host does not.
const KEY = `playbook.progress:${new URL("../../", import.meta.url).pathname}`;
const PARTS = ["ticks", "instances", "current"];

let memory; // holds what is done on this page where nothing can be saved
let why = ""; // "blocked" or "newer" where nothing can be saved

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
// Without a prototype, no id of an entry can be mistaken for something that every object has.
const bare = (value) => Object.assign(Object.create(null), value);
const deep = (value) => {
  if (!isObject(value)) return value;
  const made = Object.create(null);
  for (const [name, part] of Object.entries(value)) made[name] = deep(part);
  return made;
};

function complete(value) {
  const whole = bare({ ...value, schema: SCHEMA });
  for (const part of PARTS) whole[part] = isObject(whole[part]) ? whole[part] : bare({});
  for (const part of ["ticks", "instances"]) {
    for (const [list, own] of Object.entries(whole[part])) if (!isObject(own)) delete whole[part][list];
    for (const own of Object.values(whole[part])) {
      for (const [instance, held] of Object.entries(own)) if (!isObject(held)) delete own[instance];
    }
  }
  return whole;
}

export function read() {
  if (memory) return memory;
  let text;
  try {
    text = localStorage.getItem(KEY);
  } catch {
    why = "blocked";
    return (memory = complete({}));
  }
  try {
    const value = deep(JSON.parse(text ?? "{}"));
    if (!isObject(value)) throw new TypeError("not what this page wrote");
    if (value.schema > SCHEMA) {
      why = "newer";
      return (memory = complete({}));
    }
    return complete(value);
  } catch {
    // It is no use to this page, but perhaps to somebody who can mend it.
    try {
      localStorage.setItem(`${KEY}:damaged`, text);
    } catch {
      // There is no room for it.
    }
    return complete({});
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

// Calls back when another tab has changed something.
export function onChange(callback) {
  addEventListener("storage", (event) => (event.key === KEY || event.key === null) && callback());
}

// The part of a state for one checklist, made where it is missing.
export const within = (state, part, list) => (state[part][list] ??= bare({}));
export const isTicked = (time) => time > 0;
