// A radar: one axis per name, a value from 0 to 1 on each. It is a picture for the eye; a table beside it says the same.

const SVG = "http://www.w3.org/2000/svg";
const RADIUS = 100;

function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// A name on one line or two, cut where a word ends; Chinese has no words to cut between.
function lines(name) {
  const half = name.length > 12 ? name.lastIndexOf(" ", Math.ceil(name.length / 2) + 3) : -1;
  return half > 0 ? [name.slice(0, half), name.slice(half + 1)] : [name];
}

// `values` is a list of `{ name, value }`, three or more; a value that is not known has no point. Gives an SVG element, hidden from screen readers.
export function radar(values) {
  const picture = shape("svg", { viewBox: "-220 -140 440 280", class: "pb-radar", "aria-hidden": "true", focusable: "false" });
  const at = (place, radius) => {
    const angle = (place / values.length) * 2 * Math.PI - Math.PI / 2;
    return [Math.cos(angle) * radius, Math.sin(angle) * radius].map((number) => Math.round(number * 10) / 10);
  };
  const ring = (radiusOf) => values.map((one, place) => at(place, radiusOf(one)).join(",")).join(" ");
  for (const part of [0.25, 0.5, 0.75, 1]) picture.append(shape("polygon", { points: ring(() => part * RADIUS), class: "pb-radar__ring" }));
  values.forEach(({ name }, place) => {
    const [x, y] = at(place, RADIUS);
    picture.append(shape("line", { x1: 0, y1: 0, x2: x, y2: y, class: "pb-radar__axis" }));
    const [left, top] = at(place, RADIUS + 14);
    const anchor = Math.abs(left) < 8 ? "middle" : left > 0 ? "start" : "end";
    const label = shape("text", { "text-anchor": anchor });
    const parts = lines(name);
    parts.forEach((part, line) => {
      const shift = anchor === "middle" && top < 0 ? line - parts.length + 1 : line - (parts.length - 1) / 2;
      const text = shape("tspan", { x: left, y: top + 4 + shift * 15 });
      text.textContent = part;
      label.append(text);
    });
    picture.append(label);
  });
  picture.append(shape("polygon", { points: ring(({ value }) => (value ?? 0) * RADIUS), class: "pb-radar__area" }));
  values.forEach(({ value }, place) => {
    if (value === undefined) return;
    const [cx, cy] = at(place, value * RADIUS);
    picture.append(shape("circle", { cx, cy, r: 4, class: "pb-radar__point" }));
  });
  return picture;
}
