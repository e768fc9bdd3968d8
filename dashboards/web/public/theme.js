// Runs before the first paint, so that a chosen theme does not flash in the other one. Who shows shared statistics in a
// frame chooses it in the address.
try {
  var theme = location.pathname === "/shared" && new URLSearchParams(location.search).get("theme");
  theme = theme || localStorage.getItem("klar.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch (e) {
  // Storage is switched off: the system's choice holds.
}
