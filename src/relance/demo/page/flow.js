// The diagram of one journey: built once for a definition, then only its figures change.

import { h, icon, setFigure } from "./dom.js";
import { describe, describeClause, duration, listOf, number, reason, t } from "./language.js";
import { collectEdges, layOut, NODE, PILL } from "./layout.js";

const ABOVE = PILL.height + 46; // room for the pill that says how people come in
const SVG = "http://www.w3.org/2000/svg";

const channelsOf = (step) => Object.keys(step.channels ?? { [step.channel]: 1 });

/** What a step does, in a few words. */
export function whatItDoes(step) {
  switch (step.type) {
    case "message": {
      const names = channelsOf(step).map((c) => t(c)).join(" + ");
      return channelsOf(step).length > 1 && step.strategy === "first_reachable" ? `${names}, ${t("first_reachable")}` : names;
    }
    case "wait": return step.for ? t("wait_for", { for: duration(step.for) }) : t("wait_until", { until: step.until?.at ?? step.until?.path ?? step.until });
    case "listen": {
      const events = listOf([...new Set(step.for.map((f) => f.event ?? f.segment_entered ?? f.segment_left))]);
      return step.timeout ? t("listen_limit", { events, limit: duration(step.timeout) }) : t("listen_for", { events });
    }
    case "branch": return t("branch");
    default: return step.type.replaceAll("_", " ");
  }
}

/** How people come in, in a few words. */
export function howTheyEnter(definition) {
  const { entry } = definition;
  if (!entry) return describe(definition.audience);
  if (entry.type === "event") return [entry.event, ...(entry.where ?? []).map(describeClause)].join(" · ");
  return entry.segment ? t("start_segment", { segment: entry.segment }) : entry.type;
}

/** The steps of a journey; a campaign has one, its message. */
export const stepsOf = (definition) => definition.steps ?? { message: { type: "message", ...definition.message, next: "end" } };

/** Build the diagram: {element, update(report)}. */
export function buildFlow(definition) {
  const steps = stepsOf(definition);
  const ends = new Set(["end", ...Object.keys(steps).filter((name) => steps[name].type === "end")]);
  const words = { after: (limit) => t("after", { limit: duration(limit) }), condition: describe, otherwise: t("otherwise"), on_blocked: t("blocked"), on_failed: t("failed") };
  const start = definition.start ?? Object.keys(steps)[0];
  const plan = layOut(start, collectEdges(steps, ends, words));

  const element = h("div", { class: "flow", style: { width: `${plan.width}px`, height: `${plan.height + ABOVE}px` } });
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "edges");
  svg.setAttribute("aria-hidden", "true");
  const draw = (d) => {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    path.setAttribute("class", "edge");
    path.setAttribute("transform", `translate(0 ${ABOVE})`);
    svg.append(path);
    return path;
  };
  element.append(svg);

  const first = plan.nodes[start];
  draw(`M${first.x} ${PILL.height - ABOVE} V0`).classList.add("used");
  const entered = h("b");
  element.append(pill("start", first.x, 0, howTheyEnter(definition), entered));

  const changing = [(report) => setFigure(entered, number(report.entered))];
  for (const edge of plan.edges) changing.push(drawEdge(element, draw, edge, steps, ends));
  for (const [name, place] of Object.entries(plan.nodes)) {
    if (name === "end") {
      const done = h("b");
      element.append(pill("end", place.x, place.y + ABOVE, t("end"), done));
      changing.push((report) => setFigure(done, number(report.finished)));
    } else changing.push(drawStep(element, name, steps[name], place));
  }
  return { element, update: (report) => changing.forEach((change) => change(report)) };
}

function pill(kind, x, y, text, figure) {
  const style = { left: `${x - PILL.width / 2}px`, top: `${y}px`, width: `${PILL.width}px`, height: `${PILL.height}px` };
  return h("div", { class: `pill ${kind}`, style, title: text }, h("span", {}, text), figure);
}

function drawEdge(element, draw, edge, steps, ends) {
  const path = draw(edge.d);
  const count = h("b");
  const label = h("div", { class: `edge-label ${edge.label.side}`, title: edge.labels.join(", "), style: { left: `${edge.label.x}px`, top: `${edge.label.y + ABOVE}px` } }, edge.labels.length ? h("span", {}, edge.labels.join(", ")) : null, count);
  element.append(label);
  const targets = edge.to === "end" ? [...ends] : [edge.to];
  return (report) => {
    const left = report.steps[edge.from]?.left ?? {};
    const n = targets.reduce((sum, target) => sum + (left[target] ?? 0), 0);
    path.classList.toggle("used", n > 0);
    setFigure(count, n ? number(n) : "");
    label.hidden = !n && !edge.labels.length;
  };
}

function drawStep(element, name, step, place) {
  const drawing = step.type === "message" ? channelsOf(step)[0] : step.type;
  const inside = h("b");
  const entered = h("small");
  const what = whatItDoes(step);
  const left = h("span", { class: "node-left" });
  const node = h("div", { class: "node", style: { left: `${place.x - NODE.width / 2}px`, top: `${place.y + ABOVE}px`, width: `${NODE.width}px`, height: `${NODE.height}px` } },
    h("span", { class: `node-icon ${drawing}` }, icon(drawing)),
    h("div", { class: "node-text", style: { "min-width": "0" } }, h("div", { class: "node-name" }, name), h("div", { class: "node-what", title: what }, what)),
    h("div", { class: "node-count" }, inside, entered), left);
  element.append(node);
  const known = new Set([...Object.values(step).flatMap(targetsIn), "end"]);
  return (report) => {
    const figures = report.steps[name] ?? { entered: 0, inside: 0, left: {} };
    const waits = step.type === "wait" || step.type === "listen" || figures.inside > 0;
    const sent = step.type === "message" ? Object.values(report.messages?.[name] ?? {}).reduce((sum, m) => sum + m.sent, 0) : null;
    setFigure(inside, number(waits ? figures.inside : sent ?? figures.entered));
    entered.textContent = waits ? t("here") : sent === null ? t("entered") : t("sent_here");
    node.classList.toggle("busy", figures.inside > 0);
    const gone = Object.entries(figures.left).filter(([way]) => !known.has(way));
    left.hidden = !gone.length;
    left.title = gone.map(([way, n]) => `${number(n)} ${reason(way)}`).join(", ");
    left.textContent = gone.length ? `${number(gone.reduce((sum, [, n]) => sum + n, 0))} ↗` : "";
  };
}

/** Every step that a field of a step names as a next one. */
function targetsIn(value) {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.map((item) => item?.next).filter(Boolean);
  return [];
}
