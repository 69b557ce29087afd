// What the playbook holds to be asked and done, as the page's outline lists it, and how far a state has come with it.

import { addDays, dateOf } from "./dates.js";
import { isCurrent } from "./leitner.js";
import { json } from "./page.js";
import { isTicked } from "./store.js";

// The outline of the page: topics, quizzes, checklists, paths; every question knows its key, quiz, number and topic.
export function outline() {
  const book = json("outline");
  for (const quiz of book.quizzes) {
    quiz.questions = quiz.questions.map(([id, revision, topic], place) => {
      return { id, revision, key: `${quiz.id}/${id}`, quiz, number: place + 1, topic: book.topics[topic] };
    });
  }
  book.questions = book.quizzes.flatMap((quiz) => quiz.questions);
  return book;
}

// For each topic how many questions there are, how many were answered and how many of them right.
export function byTopic(state, book) {
  const found = new Map(book.topics.map((topic) => [topic, { topic, asked: 0, answered: 0, right: 0 }]));
  for (const question of book.questions) {
    const score = found.get(question.topic);
    score.asked++;
    if (!isCurrent(state, question)) continue;
    score.answered++;
    if (state.answers[question.key].right) score.right++;
  }
  return [...found.values()].filter((score) => score.asked);
}

export const sureAndWrong = (state, book) =>
  book.questions.filter((one) => isCurrent(state, one) && !state.answers[one.key].right && state.answers[one.key].sure === "sure");

// When a checklist was first complete (0: never).
function completedAt(state, { id, steps }) {
  const all = Object.values(state.ticks[id] ?? {});
  const times = all.filter((ticks) => steps.length && steps.every((step) => isTicked(ticks[step])));
  return times.length ? Math.min(...times.map((ticks) => Math.max(...steps.map((step) => ticks[step])))) : 0;
}

// How many lists somebody began of a checklist, and how many of them are complete.
export function listsOf(state, list) {
  const all = Object.values(state.ticks[list.id] ?? {}).filter((ticks) => Object.values(ticks).some(isTicked));
  return { begun: all.length, complete: all.filter((ticks) => list.steps.every((step) => isTicked(ticks[step]))).length };
}

// How many of the tasks of a path are done.
export const doneOn = (state, path, book) => path.tasks.filter((task) => progressOf(state, path, task, book).at).length;

// How often a thing to do on a path was done, and when it was done in full (0: not yet).
export function progressOf(state, path, task, book) {
  if (task.kind === "take") {
    const at = state.exams[task.target]?.passed ?? 0;
    return { count: at ? 1 : 0, at };
  }
  const held = state.counts[path.id]?.[task.id];
  // A list that was complete once stays done on the path, whatever becomes of the list; see `paths.js`.
  if (task.kind === "tick" && !held) {
    const at = completedAt(state, book.checklists.find((list) => list.id === task.target));
    return { count: at ? 1 : 0, at };
  }
  const count = Math.min(held?.count ?? 0, task.count);
  return { count, at: count >= task.count ? held.at : 0 };
}

// The day on which something is due: counted from the first day; what falls on a weekend is due on the Monday after.
export function dueOn(start, day) {
  const due = addDays(start, day - 1);
  const weekday = dateOf(due).getDay();
  return weekday === 6 ? addDays(due, 2) : weekday === 0 ? addDays(due, 1) : due;
}
