// Sends people from the root of the site to the first of their languages that the playbook speaks.
const language = navigator.languages.map((name) => name.slice(0, 2)).find((name) => name === "en" || name === "zh");
location.replace(`${language ?? "en"}/`);
