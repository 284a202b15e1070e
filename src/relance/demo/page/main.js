// The page: asks for what it shows, again and again, and hands it to its parts.

import { ask, keepAsking, speed } from "./api.js";
import { h, setFigure } from "./dom.js";
import { showJourneys } from "./journeys.js";
import { currentLanguage, day, clockTime, number, reason, speak, t } from "./language.js";
import { redrawMessages, showMessages } from "./messages.js";
import { openPerson, redrawPerson, refreshPerson } from "./person.js";
import { redrawStream, showEvents } from "./stream.js";

const state = { journeys: [], segments: [], now: null, nowAsked: 0 };

// ------------------------------------------------------------------------------------------------ the figures on top
const FIGURES = ["people", "inside", "sent", "held_back"];
const figures = document.getElementById("figures");

function showFigures() {
  if (figures.children.length === 0) {
    figures.append(...FIGURES.map((name) => h("div", { "data-name": name }, h("dt"), h("dd", {}, h("span"), h("small")))));
  }
  const sent = { email: 0, sms: 0, push: 0 };
  const held = {};
  for (const report of state.journeys) {
    for (const channels of Object.values(report.messages)) {
      for (const [channel, outcome] of Object.entries(channels)) {
        sent[channel] = (sent[channel] ?? 0) + outcome.sent;
        for (const [why, n] of Object.entries(outcome.blocked)) held[why] = (held[why] ?? 0) + n;
      }
    }
  }
  const sum = (of) => Object.values(of).reduce((a, b) => a + b, 0);
  const first = Object.entries(held).sort((a, b) => b[1] - a[1])[0];
  const entered = state.journeys.reduce((n, r) => n + r.entered, 0);
  const shown = {
    people: [state.people, t("people_hint", { n: number(state.known ?? 0) })],
    inside: [state.journeys.reduce((n, r) => n + r.inside, 0), t("inside_hint", { n: number(entered) })],
    sent: [sum(sent), t("sent_hint", Object.fromEntries(Object.entries(sent).map(([c, n]) => [c, number(n)])))],
    held_back: [sum(held), first ? `${number(first[1])} · ${reason(first[0])}` : t("nothing_held")],
  };
  for (const box of figures.children) {
    const [n, hint] = shown[box.dataset.name];
    box.firstChild.textContent = t(box.dataset.name);
    setFigure(box.lastChild.firstChild, n === undefined ? "–" : number(n));
    box.lastChild.lastChild.textContent = n === undefined ? "" : hint;
  }
  figures.setAttribute("aria-busy", "false");
}

// ------------------------------------------------------------------------------------------------ segments
const segmentList = document.getElementById("segments");

function showSegments() {
  if (!state.segments.length) return segmentList.replaceChildren(h("li", { class: "empty" }, t("no_segments")));
  const most = Math.max(...state.segments.map((s) => s.members), 1);
  if (segmentList.children.length !== state.segments.length || segmentList.querySelector(".empty")) {
    segmentList.replaceChildren(...state.segments.map(() => h("li", { class: "segment" }, h("p", {}, h("span"), h("b")), h("div", { class: "bar" }, h("i")))));
  }
  state.segments.forEach((segment, i) => {
    const [line, bar] = segmentList.children[i].children;
    line.firstChild.textContent = segment.name ?? segment.id;
    line.firstChild.title = segment.id;
    setFigure(line.lastChild, number(segment.members));
    bar.firstChild.style.width = `${(100 * segment.members) / most}%`;
  });
  return undefined;
}

// ------------------------------------------------------------------------------------------------ the clock
function showClock() {
  const now = document.getElementById("now");
  if (state.now === null) return;
  const at = new Date(state.now + (performance.now() - state.nowAsked) * speed);
  now.dateTime = at.toISOString();
  now.textContent = `${day(at)}, ${clockTime(at)}`;
  document.getElementById("speed").textContent = speed > 1 ? t("speed", { s: number(3600 / speed, 1) }) : "";
}

// ------------------------------------------------------------------------------------------------ language, theme, search
function speakEverywhere(language) {
  speak(language);
  showClock();
  showFigures();
  showSegments();
  showJourneys(state.journeys);
  redrawMessages();
  redrawStream();
  redrawPerson();
}

for (const button of document.querySelectorAll("[data-language]")) button.addEventListener("click", () => speakEverywhere(button.dataset.language));

const root = document.documentElement;
const storedTheme = localStorage.getItem("relance-theme");
if (storedTheme) root.dataset.theme = storedTheme;
document.getElementById("theme").addEventListener("click", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("relance-theme", root.dataset.theme);
});

const find = document.getElementById("find-text");
const found = document.getElementById("found");
const showFound = (open) => { found.hidden = !open; find.setAttribute("aria-expanded", String(open)); };
find.addEventListener("input", async () => {
  const text = find.value.trim();
  if (!text) return showFound(false);
  const { items } = await ask(`profiles?limit=8&query=${encodeURIComponent(text)}`);
  if (find.value.trim() !== text) return undefined;
  found.replaceChildren(...(items.length ? items.map(hit) : [h("li", {}, h("p", {}, t("nobody")))]));
  return showFound(true);
});
document.getElementById("find").addEventListener("submit", (event) => { event.preventDefault(); found.querySelector("button")?.click(); });
document.addEventListener("pointerdown", (event) => { if (!event.target.closest("#find")) showFound(false); });
find.addEventListener("keydown", (event) => { if (event.key === "Escape") showFound(false); });

function hit({ user_id: userId, traits, email }) {
  const name = [traits.first_name, traits.last_name].filter(Boolean).join(" ") || userId;
  return h("li", {}, h("button", { type: "button", onclick: () => { showFound(false); openPerson(userId); } }, h("span", {}, name), h("small", {}, [traits.address?.city, email].filter(Boolean).join(" · "))));
}

// ------------------------------------------------------------------------------------------------ asking
const trouble = document.getElementById("trouble");
const troubles = new Set();
const watch = (name) => (error) => {
  if (error) troubles.add(name);
  else troubles.delete(name);
  trouble.hidden = troubles.size === 0;
  trouble.textContent = troubles.size ? t("trouble") : "";
  document.body.classList.toggle("stale", troubles.size > 0);
};

speak(currentLanguage());
redrawMessages();
keepAsking(1, async () => {
  const { items, now } = await ask("events?limit=80");
  if (now) [state.now, state.nowAsked] = [Date.parse(now), performance.now()];
  showEvents(items);
}, watch("events"));
keepAsking(2, async () => {
  const [journeys, campaigns] = await Promise.all([ask("journeys"), ask("campaigns")]);
  state.journeys = [...journeys.items, ...campaigns.items];
  showJourneys(state.journeys);
  showFigures();
}, watch("journeys"));
keepAsking(2, async () => showMessages((await ask("messages?limit=150")).items), watch("messages"));
keepAsking(4, async () => {
  const { items, people, known } = await ask("segments");
  Object.assign(state, { segments: items, people, known });
  showSegments();
  showFigures();
}, watch("segments"));
keepAsking(3, refreshPerson, watch("person"));
setInterval(showClock, 200);
if (location.hash.startsWith("#person=")) openPerson(decodeURIComponent(location.hash.slice(8)));
