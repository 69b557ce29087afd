// When to ask again: five boxes, each with a longer wait. A right answer moves a question one box up, a wrong one back
// to the first; asked again before it is due, a right answer moves nothing.

import { addDays, today } from "./dates.js";

// Days of waiting in each box.
export const WAITS = [1, 3, 7, 14, 30];

// Notes an answer: `answer` has `right`, `revision`, `given` and perhaps `sure`. Gives what is now known of it.
export function record(state, key, answer) {
  const at = Date.now();
  const day = today();
  const held = state.boxes[key];
  const box = !answer.right ? 1 : !held ? 2 : held.due <= day ? Math.min(held.box + 1, WAITS.length) : held.box;
  const stays = answer.right && held && held.due > day;
  state.boxes[key] = { box, due: stays ? held.due : addDays(day, WAITS[box - 1]), at };
  return (state.answers[key] = { ...answer, tries: (state.answers[key]?.tries ?? 0) + 1, at });
}

// Whether a question was answered, and not edited since.
export const isCurrent = (state, { key, revision }) => state.answers[key]?.revision >= revision;

// The questions that are due by a day: what was answered and has waited, or was edited since.
export function due(state, questions, day = today()) {
  return questions.filter((one) => {
    const held = state.boxes[one.key];
    return held && (held.due <= day || !isCurrent(state, one));
  });
}

export const missed = (state, questions) => questions.filter((one) => isCurrent(state, one) && !state.answers[one.key].right);
