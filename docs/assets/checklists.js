// Checklists: ticks that stay, lists with names, links to a state, sheets for the printer. Words come from the page.

import { dayOf, dateText } from "./dates.js";
import { fill } from "./page.js";
import { change, isTicked, onChange, read, unsaved, within } from "./store.js";

const nameOf = ({ name, started }, words) => name || fill(words.unnamed, dateText(dayOf(started), "long"));
const newId = () => Date.now().toString(36) + Math.random().toString(36).slice(2, 6);
const newest = (instances) => Object.entries(instances).sort(([, a], [, b]) => b.at - a.at);

// ---- One checklist

class Checklist {
  constructor(root) {
    this.root = root;
    this.id = root.dataset.checklist;
    this.revision = Number(root.dataset.revision);
    this.words = root.dataset;
    this.boxes = [...root.querySelectorAll("[data-step]")];
    this.shared = undefined; // a state that came with the address
    this.undo = undefined; // what the last reset or removal took away
    root.addEventListener("change", (event) => event.target.dataset.step && this.tick(event.target));
    this.find("name").addEventListener("change", ({ target }) => this.name(target.value));
    this.find("start").addEventListener("click", () => this.start());
    this.find("reset").addEventListener("click", () => this.reset());
    this.find("share").addEventListener("click", () => this.share());
    this.find("undo").addEventListener("click", () => this.putBack());
    this.find("keep").addEventListener("click", () => this.keep());
    this.find("leave").addEventListener("click", () => this.leave());
    this.find("seen").addEventListener("click", () => this.see());
    for (const button of root.querySelectorAll("[data-print]")) {
      button.addEventListener("click", () => printSheet(button.dataset.print === "ticked"));
    }
    addEventListener("hashchange", () => this.open());
    onChange(() => this.show());
    this.open();
  }

  find(name) {
    return this.root.querySelector(`[data-${name}]`);
  }

  say(words) {
    this.find("status").textContent = words;
  }

  // -- What is kept

  // The id of the list that is open; undefined before the first tick.
  current(state) {
    const own = within(state, "instances", this.id);
    const chosen = state.current[this.id];
    if (chosen === "") return undefined; // a new one, not yet begun
    return own[chosen] ? chosen : newest(own)[0]?.[0];
  }

  ticks(state) {
    if (this.shared) return this.shared.ticks;
    return within(state, "ticks", this.id)[this.current(state)] ?? {};
  }

  // Changes the list that is open, which begins with its first tick or its name.
  edit(work) {
    change((state) => {
      const own = within(state, "instances", this.id);
      let id = this.current(state);
      if (!id) {
        id = newId();
        own[id] = { name: "", started: Date.now(), revision: this.revision, at: Date.now() };
      }
      state.current[this.id] = id;
      own[id].at = Date.now();
      work((within(state, "ticks", this.id)[id] ??= {}), own[id], own, id);
    });
  }

  // -- What a reader does

  tick(box) {
    const step = box.dataset.step;
    const time = Date.now();
    if (this.shared) this.shared.ticks[step] = box.checked ? time : -time;
    else this.edit((ticks) => (ticks[step] = box.checked ? time : -time));
    this.forget();
    this.show();
    if (box.checked && !this.find("done").hidden) this.say(this.find("done").textContent.trim());
    const instance = this.shared ? "" : this.current(read());
    const detail = { id: this.id, instance, step, state: box.checked, time };
    box.dispatchEvent(new CustomEvent("playbook:ticked", { bubbles: true, detail }));
  }

  name(text) {
    this.edit((ticks, instance) => (instance.name = text.trim()));
    this.show();
  }

  start() {
    change((state) => (state.current[this.id] = ""));
    this.forget();
    this.show();
    this.find("name").focus();
  }

  reset() {
    const state = read();
    const id = this.current(state);
    if (!id) return;
    this.remember(state, id);
    this.edit((ticks) => {
      for (const step of Object.keys(ticks)) ticks[step] = -Date.now();
    });
    this.show();
    this.say(this.words.resetDone);
  }

  remove(id) {
    const state = read();
    const instance = within(state, "instances", this.id)[id];
    this.remember(state, id);
    change((now) => {
      delete within(now, "ticks", this.id)[id];
      delete within(now, "instances", this.id)[id];
    });
    this.show();
    this.say(fill(this.words.removed, nameOf(instance, this.words)));
    this.find("undo").focus();
  }

  remember(state, id) {
    const held = { instance: within(state, "instances", this.id)[id], ticks: within(state, "ticks", this.id)[id] };
    this.undo = { id, held: structuredClone(held) };
  }

  forget() {
    this.undo = undefined;
    this.say("");
  }

  putBack() {
    const { id, held } = this.undo;
    change((state) => {
      within(state, "ticks", this.id)[id] = held.ticks ?? {};
      within(state, "instances", this.id)[id] = held.instance;
      state.current[this.id] = id;
    });
    this.forget();
    this.show();
    this.find("name").focus();
  }

  // -- Revisions

  // The boxes that came after this list was begun.
  added(instance) {
    const since = instance?.revision ?? this.revision;
    return this.boxes.filter((box) => Number(box.closest("li").dataset.since) > since);
  }

  see() {
    this.edit((ticks, instance) => (instance.revision = this.revision));
    this.show();
    this.boxes[0].focus();
  }

  // -- Links to a state

  async share() {
    const state = read();
    const done = this.boxes.filter((box) => box.checked).map((box) => box.dataset.step);
    const name = this.shared?.name ?? within(state, "instances", this.id)[this.current(state)]?.name ?? "";
    const address = new URL(location.href);
    address.hash = new URLSearchParams({ shared: name, done: done.join(".") });
    try {
      await navigator.clipboard.writeText(address.href);
      this.say(this.words.copied);
    } catch {
      history.replaceState(null, "", address);
      this.say(this.words.copyFailed);
    }
  }

  open() {
    const asked = new URLSearchParams(location.hash.slice(1));
    this.shared = undefined;
    if (asked.has("shared") && asked.has("done")) {
      const done = new Set(asked.get("done").split("."));
      const ticks = {};
      for (const box of this.boxes) if (done.has(box.dataset.step)) ticks[box.dataset.step] = Date.now();
      this.shared = { name: asked.get("shared").slice(0, 60), ticks };
    }
    this.show();
  }

  keep() {
    const { name, ticks } = this.shared;
    change((state) => (state.current[this.id] = ""));
    this.shared = undefined;
    this.edit((own, instance) => {
      Object.assign(own, ticks);
      instance.name = name;
    });
    this.leave();
    this.say(this.words.kept);
  }

  leave() {
    history.replaceState(null, "", location.pathname + location.search);
    this.open();
    this.find("name").focus();
  }

  // -- What the page shows

  show() {
    const state = read();
    const id = this.current(state);
    const own = within(state, "instances", this.id);
    const ticks = this.ticks(state);
    for (const box of this.boxes) box.checked = isTicked(ticks[box.dataset.step]);
    const done = this.boxes.filter((box) => box.checked).length;
    this.find("said").textContent = fill(this.words.progress, done, this.boxes.length);
    this.root.querySelector("progress").value = done;
    this.find("done").hidden = this.boxes.some((box) => "required" in box.dataset && !box.checked);
    this.find("next").classList.toggle("pb-checklist__done", !this.find("done").hidden);
    const field = this.find("name");
    if (document.activeElement !== field) field.value = own[id]?.name ?? "";
    this.find("own").hidden = Boolean(this.shared);
    this.find("shared-row").hidden = !this.shared;
    if (this.shared) this.find("shared-text").textContent = fill(this.words.shared, this.shared.name || "–");
    this.find("undo-row").hidden = !this.undo;
    this.showAdded(this.shared ? undefined : own[id]);
    this.showLists(state, id);
    if (unsaved()) this.say(this.words[unsaved()]);
  }

  showAdded(instance) {
    const added = this.added(instance);
    for (const box of this.boxes) {
      const mark = box.parentElement.querySelector("[data-new]");
      if (mark) mark.hidden = !added.includes(box);
    }
    const names = added.map((box) => box.parentElement.querySelector(".pb-sheet__text").firstChild.textContent.trim());
    this.find("changed-row").hidden = !names.length;
    this.find("changed-text").textContent = fill(this.words.changed, names.join(this.words.joint));
  }

  showLists(state, current) {
    const own = newest(within(state, "instances", this.id));
    const list = this.find("lists").querySelector("ul");
    this.find("lists").hidden = !own.length;
    list.replaceChildren(
      ...own.map(([id, instance]) => {
        const name = nameOf(instance, this.words);
        const ticks = within(state, "ticks", this.id)[id] ?? {};
        const done = this.boxes.filter((box) => isTicked(ticks[box.dataset.step])).length;
        const entry = document.createElement("li");
        const open = button(fill(this.words.item, name, done, this.boxes.length), () => {
          change((now) => (now.current[this.id] = id));
          this.forget();
          this.show();
          list.querySelector("[aria-current]")?.focus();
        });
        if (id === current) open.setAttribute("aria-current", "true");
        const remove = button("×", () => this.remove(id));
        remove.setAttribute("aria-label", fill(this.words.removeLabel, name));
        entry.append(open, remove);
        return entry;
      }),
    );
  }
}

function button(text, work) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "pb-button", textContent: text });
  made.addEventListener("click", work);
  return made;
}

// Prints the boxes empty, or as they are ticked.
function printSheet(ticked) {
  document.documentElement.toggleAttribute("data-print-ticked", ticked);
  addEventListener("afterprint", () => document.documentElement.removeAttribute("data-print-ticked"), { once: true });
  print();
}

// ---- The overview

class Overview {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector("[data-status]");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.print();
    });
    onChange(() => this.show());
    this.show();
  }

  // The lists that are begun and not done, the last used first.
  show() {
    const state = read();
    const place = document.querySelector("[data-open-lists]");
    const open = [];
    for (const card of document.querySelectorAll("[data-list]")) {
      const list = card.dataset.list;
      const steps = card.dataset.steps.split(" ");
      for (const [id, instance] of newest(within(state, "instances", list))) {
        const ticks = within(state, "ticks", list)[id] ?? {};
        const done = steps.filter((step) => isTicked(ticks[step])).length;
        if (done < steps.length) open.push({ card, list, id, instance, done, of: steps.length });
      }
    }
    open.sort((a, b) => b.instance.at - a.instance.at);
    place.hidden = !open.length;
    place.querySelector("ul").replaceChildren(...open.map((one) => this.card(one, place.dataset)));
  }

  card({ card, list, id, instance, done, of }, words) {
    const link = card.querySelector("a").cloneNode(true);
    link.addEventListener("click", () => change((state) => (state.current[list] = id)));
    const title = Object.assign(document.createElement("h3"), { className: "pb-card__title" });
    title.append(link);
    const name = Object.assign(document.createElement("p"), { textContent: nameOf(instance, words) });
    const facts = Object.assign(document.createElement("p"), { className: "pb-card__facts" });
    const bar = Object.assign(document.createElement("progress"), { max: of, value: done, ariaHidden: "true" });
    facts.append(bar, fill(words.progress, done, of));
    const entry = Object.assign(document.createElement("li"), { className: "pb-card" });
    entry.append(title, name, facts);
    return entry;
  }

  // Fetches the sheet of each selected checklist and prints them, one a page.
  async print() {
    const addresses = [...new FormData(this.form).getAll("list")];
    this.status.textContent = addresses.length ? "" : this.form.dataset.none;
    if (!addresses.length) return;
    try {
      const sheets = await Promise.all(addresses.map(sheetOf));
      document.querySelector("[data-printing]").replaceChildren(...sheets);
      document.documentElement.toggleAttribute("data-print-selection", true);
      addEventListener("afterprint", () => document.documentElement.removeAttribute("data-print-selection"), { once: true });
      print();
    } catch {
      this.status.textContent = this.form.dataset.failed;
    }
  }
}

async function sheetOf(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const sheet = document.adoptNode(page.querySelector(".pb-sheet"));
  for (const part of sheet.querySelectorAll("[id]")) part.removeAttribute("id");
  return sheet;
}

for (const root of document.querySelectorAll("[data-checklist]")) new Checklist(root);
for (const form of document.querySelectorAll("[data-print-form]")) new Overview(form);
