// Applies the colours that the reader chose before the page is painted, hence a file of its own, loaded first.
try {
  const chosen = localStorage.getItem("playbook.colours");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.colours = chosen;
} catch {
  // Storage is blocked: the system's setting applies.
}
document.documentElement.classList.replace("no-js", "js");
