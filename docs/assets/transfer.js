// Progress as a file: written here, read from anywhere, so nothing in it is believed before it is looked at.

import { PARTS, SCHEMA, SITE, bare, change, parse, read } from "./store.js";

const MOST = 4_000_000; // bytes of a file; years of work stay below a tenth of it
const isName = (value) => typeof value === "string" && value.trim();

// The file of a person; `who` tells people of one name apart, and is the same in every file of theirs.
export function exported(name) {
  const state = change((own) => (own.who ??= Date.now().toString(36) + Math.random().toString(36).slice(2, 10)));
  return JSON.stringify({ ...state, schema: SCHEMA, site: SITE.href, exported: new Date().toISOString(), name }, null, 1);
}

// Hands a text over as a file to keep.
export function save(text, name, type) {
  const link = Object.assign(document.createElement("a"), { download: name, href: URL.createObjectURL(new Blob([text], { type })) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}

// The state in a file, with the name of its person; `fault` is the key of the words that say why there is none.
export async function load(file) {
  if (file.size > MOST) return { fault: "too_large" };
  try {
    const text = await file.text();
    const state = parse(text);
    if (typeof state.exported !== "string") return { fault: "not_ours" };
    const short = (value) => (isName(value) ? value.trim().slice(0, 60) : "");
    const about = { name: short(state.name), who: short(state.who), exported: Date.parse(state.exported) || 0 };
    return { ...about, state, elsewhere: state.site !== SITE.href };
  } catch (error) {
    return { fault: error.message === "newer" ? "newer_file" : "not_ours" };
  }
}

// Forgets everything.
export function clear() {
  change((state) => {
    for (const part of Object.keys(PARTS)) state[part] = bare({});
  });
}

// Takes what another state holds into this one; of two records of the same thing the newer one stays.
export function merge(state, other) {
  const isNewer = (part, one, other) => {
    if (part === "ticks") return Math.abs(one) > Math.abs(other);
    // A test that was passed outlives every one that was not.
    if (part === "exams" && Boolean(one.passed) !== Boolean(other.passed)) return Boolean(one.passed);
    return one.at > other.at;
  };
  const into = (part, depth, own, theirs) => {
    for (const [name, record] of Object.entries(theirs)) {
      if (depth > 1) into(part, depth - 1, (own[name] ??= bare({})), record);
      else if (!(name in own) || isNewer(part, record, own[name])) own[name] = record;
    }
  };
  if (isName(other.who)) state.who ??= other.who.slice(0, 60);
  for (const [part, [depth]] of Object.entries(PARTS)) if (part !== "current") into(part, depth, state[part], other[part]);
  return state;
}
