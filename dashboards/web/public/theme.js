// Runs before the first paint, so that a chosen theme does not flash in the other one.
try {
  var theme = localStorage.getItem("klar.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch (e) {
  // Storage is switched off: the system's choice holds.
}
