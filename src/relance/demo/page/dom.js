// Make elements, and the few drawings the page needs.

/** h("p", {class: "x", onclick: f}, "text", child): an element. Texts are texts, never markup. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [property, v] of Object.entries(value)) element.style.setProperty(property, v);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const PATHS = {
  email: ["M3 5.500h14v9.500H3z", "M3.500 6l6.500 5 6.500-5"],
  sms: ["M3 4.500h14v9H9.500L6 16.500v-3H3z"],
  push: ["M5.500 13.500V9a4.500 4.500 0 0 1 9 0v4.500l1.500 1.500H4z", "M8.500 17h3"],
  wait: ["M10 3.500a6.500 6.500 0 1 0 .01 0", "M10 6.500V10l2.500 2"],
  listen: ["M6.500 8a3.700 3.700 0 1 1 6 3c-1.200 1-1.700 1.700-1.700 3a2 2 0 0 1-3.500 1.300", "M8.800 8.300a1.400 1.400 0 1 1 2.300 1"],
  branch: ["M10 3v4.500", "M10 7.500C10 12 5 10.500 5 16", "M10 7.500C10 12 15 10.500 15 16"],
  message: ["M3 5.500h14v9.500H3z", "M3.500 6l6.500 5 6.500-5"],
  end: ["M5.500 5.500h9v9h-9z"],
  consent: ["M10 3l6 2.500v4c0 4-2.600 6.300-6 7.500-3.400-1.200-6-3.500-6-7.500v-4z", "M7.500 9.800l2 2 3.200-3.600"],
  enter: ["M4 10h9", "M9.500 6.500L13 10l-3.500 3.500", "M16 4v12"],
  leave: ["M8 4H4.500v12H8", "M8.500 10H16", "M13 7l3 3-3 3"],
  goal: ["M5 17V4", "M5 4.500h9l-2 3 2 3H5"],
  done: ["M4.500 10.500l3.500 3.500 7.500-8"],
  refused: ["M10 3.500a6.500 6.500 0 1 0 .01 0", "M5.600 5.600l8.800 8.800"],
  close: ["M5 5l10 10", "M15 5L5 15"],
};

/** A drawing of 20 by 20, by name. */
export function icon(name, size = 16) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("width", size);
  svg.setAttribute("height", size);
  svg.setAttribute("aria-hidden", "true");
  for (const d of PATHS[name] ?? PATHS.wait) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

/** Put a figure where it stands, and let it glow for a moment when it changed. */
export function setFigure(element, text) {
  if (element.textContent === text) return;
  const first = element.textContent === "";
  element.textContent = text;
  if (first) return;
  element.classList.remove("bump");
  void element.offsetWidth;
  element.classList.add("bump");
}
