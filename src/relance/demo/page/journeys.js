// The journeys: one tab each, the diagram of the chosen one, and beside it its goal and its ledger.

import { h, setFigure } from "./dom.js";
import { buildFlow } from "./flow.js";
import { currentLanguage, number, reason, t } from "./language.js";

const tabs = document.getElementById("journey-tabs");
const panel = document.getElementById("journey");
let chosen = linked();
let shown = null; // {name, flow, update}
let reports = [];

const nameOf = (report) => `${report.kind}:${report.id}`;

/** Show these reports; what is already there only changes its figures. */
export function showJourneys(next) {
  reports = next;
  if (!reports.some((r) => nameOf(r) === chosen)) chosen = reports.length ? nameOf(reports[0]) : null;
  showTabs();
  const report = reports.find((r) => nameOf(r) === chosen);
  if (!report) return;
  const name = `${nameOf(report)}:${report.version}:${currentLanguage()}`;
  if (shown?.name !== name) build(name, report);
  shown.update(report);
}

/** The journey that the address names: `#journey=abandoned-cart`, `#campaign=weekly-letter`. */
function linked() {
  const [, kind, name] = /^#(journey|campaign)=([a-z0-9-]+)$/.exec(location.hash) ?? [];
  return name ? `${kind}:${name}` : null;
}

function choose(name, focus) {
  chosen = name;
  history.replaceState(null, "", `#${name.replace(":", "=")}`);
  showJourneys(reports);
  if (focus) tabs.querySelector('[aria-selected="true"]')?.focus();
}

function showTabs() {
  if (tabs.children.length !== reports.length) tabs.replaceChildren(...reports.map(makeTab));
  reports.forEach((report, i) => {
    const tab = tabs.children[i];
    const selected = nameOf(report) === chosen;
    tab.dataset.name = nameOf(report);
    tab.setAttribute("aria-selected", String(selected));
    tab.title = `${report.name}: ${t("n_inside")} ${number(report.inside)}, ${t("n_entered")} ${number(report.entered)}`;
    tab.tabIndex = selected ? 0 : -1;
    tab.firstChild.textContent = report.name;
    tab.lastChild.textContent = report.kind === "campaign" ? `${t("campaign")} · ${number(report.entered)}` : `${number(report.inside)} / ${number(report.entered)}`;
  });
}

function makeTab(report) {
  return h("button", {
    type: "button", class: "tab", role: "tab", "aria-controls": "journey",
    onclick: (event) => choose(event.currentTarget.dataset.name),
    onkeydown: (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by) return;
      const i = reports.findIndex((r) => nameOf(r) === chosen);
      choose(nameOf(reports[(i + by + reports.length) % reports.length]), true);
    },
  }, h("span", { class: "tab-name" }, report.name), h("span", { class: "tab-kind" }));
}

function build(name, report) {
  const flow = buildFlow(report.definition);
  const ledger = h("div", { class: "ledger" });
  panel.setAttribute("aria-label", report.name);
  panel.replaceChildren(h("div", { class: "flow-scroll" }, flow.element), ledger);
  const parts = [goalPart(report), ledgerPart(), messagePart()];
  ledger.append(...parts.map((part) => part.element));
  shown = { name, update: (next) => { flow.update(next); parts.forEach((part) => part.update(next)); } };
  const scroll = panel.firstChild;
  scroll.scrollLeft = (scroll.scrollWidth - scroll.clientWidth) / 2;
}

function goalPart(report) {
  if (!report.goal) {
    return { element: h("section", {}, h("h3", {}, t("no_goal"))), update() {} };
  }
  const percent = h("b");
  const fill = h("i");
  const mark = report.goal.target_percent ? h("s", { title: `${report.goal.target_percent} %` }) : null;
  mark?.style.setProperty("left", `${report.goal.target_percent}%`);
  const bar = h("div", { class: "bar", role: "img" }, fill, mark);
  const count = h("p", { class: "tab-kind" });
  const wished = report.goal.target_percent ? h("span", {}, t("of_target", { target: number(report.goal.target_percent) })) : null;
  return {
    element: h("section", {}, h("h3", {}, t("goal", { event: report.goal.event })), h("p", { class: "goal-figure" }, percent, wished), bar, count),
    update(next) {
      const reached = next.goal.reached_percent ?? 0;
      setFigure(percent, `${number(reached, 1)} %`);
      fill.style.width = `${Math.min(100, reached)}%`;
      bar.classList.toggle("reached", Boolean(next.goal.target_percent) && reached >= next.goal.target_percent);
      bar.setAttribute("aria-label", `${number(reached, 1)} %`);
      count.textContent = t("goal_count", { n: number(next.goal_reached), of: number(next.entered) });
    },
  };
}

function rowsPart(title, rowsOf) {
  const rows = h("dl", { class: "rows" });
  let last = "";
  return {
    element: h("section", {}, h("h3", {}, title), rows),
    update(report) {
      const next = rowsOf(report);
      if (JSON.stringify(next) === last) return;
      last = JSON.stringify(next);
      rows.replaceChildren(...next.map(([name, n, kind]) => h("div", { class: kind ?? "" }, h("dt", { title: name }, name), h("dd", {}, number(n)))));
    },
  };
}

function ledgerPart() {
  return rowsPart(t("ledger"), (report) => {
    const exits = Object.entries(report.exited);
    return [
      [t("n_inside"), report.inside],
      [t("n_finished"), report.finished],
      [t("n_exited"), exits.reduce((sum, [, n]) => sum + n, 0)],
      ...exits.map(([why, n]) => [reason(why), n, "sub"]),
      ...(report.failed ? [[t("n_failed"), report.failed]] : []),
      [t("n_entered"), report.entered, "sum"],
      ...(report.suppressed ? [[t("n_suppressed"), report.suppressed, "sub"]] : []),
    ];
  });
}

function messagePart() {
  return rowsPart(t("by_channel"), (report) => {
    const totals = {};
    for (const channels of Object.values(report.messages)) {
      for (const [channel, figures] of Object.entries(channels)) {
        const total = (totals[channel] ??= { sent: 0, waiting: 0, why: {} });
        total.sent += figures.sent;
        total.waiting += figures.waiting;
        for (const [why, n] of [...Object.entries(figures.blocked), ...Object.entries(figures.failed), ...(figures.expired ? [["expired", figures.expired]] : [])]) total.why[why] = (total.why[why] ?? 0) + n;
      }
    }
    const order = ["email", "sms", "push"];
    return Object.entries(totals).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b)).flatMap(([channel, { sent, waiting, why }]) => [
      [t(channel), sent],
      ...(waiting ? [[t("waiting"), waiting, "sub"]] : []),
      ...Object.entries(why).map(([code, n]) => [reason(code), n, "sub"]),
    ]);
  });
}
