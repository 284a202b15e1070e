// Before the first paint: light or dark, as it was chosen, so that nothing flashes.
try {
  var kept = localStorage.getItem("mantine-color-scheme-value");
  var dark = kept === "dark" || (kept !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
} catch (e) {}
