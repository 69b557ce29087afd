// A player of QTI items: shows the one named in the address, and says what it makes of an answer.
import "./player.js";

const connected = new Promise((resolve, reject) => {
  addEventListener("qti-assessment-item-connected", (event) => resolve(event.detail));
  setTimeout(() => reject(new Error("the player does not show the item")), 15_000);
});
const container = document.createElement("item-container");
container.setAttribute("item-url", location.search.slice(1));
document.querySelector("qti-item").append(container);

// Scores what is given; `response` is for what is dragged, the rest has been clicked and typed.
window.scored = async (response) => {
  const item = await connected;
  if (response) item.updateResponseVariable("RESPONSE", response);
  if (!item.processResponse()) throw new Error("there is nothing to score with");
  const value = (name) => item.getVariable(name)?.value ?? null;
  const shown = [...item.querySelectorAll("qti-modal-feedback")].filter((one) => one.showStatus === "on");
  return {
    score: Number(value("SCORE")),
    response: value("RESPONSE"),
    feedback: shown.map((one) => one.getAttribute("identifier")),
    said: shown.map((one) => one.textContent.trim()),
  };
};
window.ready = connected.then(() => true);
