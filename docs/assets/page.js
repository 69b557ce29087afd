// What scripts do with a page: find the words a template wrote for them, fill words in, make elements, print a part.

export const fill = (text, ...values) => values.reduce((filled, value, place) => filled.replaceAll(`{${place}}`, () => value), text);

// What a template wrote for a script as JSON: the words, or the outline of the playbook.
export const json = (name, root = document) => JSON.parse(root.querySelector(`script[data-${name}]`).textContent);

export function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// Prints one part of the page; the styles hide the others.
export function printPart(name) {
  document.documentElement.dataset.printing = name;
  addEventListener("afterprint", () => delete document.documentElement.dataset.printing, { once: true });
  print();
}
