// The last messages, and how the chosen one looked to the person who got it.

import { h, icon } from "./dom.js";
import { clockTime, reason, shortMoment, t } from "./language.js";
import { openPerson } from "./person.js";

const list = document.getElementById("message-list");
const preview = document.getElementById("preview");
const choice = document.getElementById("message-choice");
const CHOICES = ["all", "email", "sms", "push", "not_sent"];
let messages = [];
let kind = CHOICES.find((name) => location.hash === `#messages=${name}`) ?? "all";
let chosen = null;
let pinned = false; // chosen by hand: stays until another is
let looked = false; // somebody's pointer is over the list: nothing moves under it

list.addEventListener("pointerenter", () => { looked = true; });
list.addEventListener("pointerleave", () => { looked = false; });

const UNDECIDED = new Set(["queued", "ready", "claimed"]);
const fits = (m) => kind === "all" || (kind === "not_sent" ? m.status !== "sent" : m.channel === kind && m.status === "sent");

export const statusOf = (m) => (UNDECIDED.has(m.status) ? "waiting" : m.status);
const tone = (m) => ({ sent: "good", blocked: "warn", expired: "warn", failed: "bad" })[m.status] ?? "accent";

/** Show these messages, the newest first. */
export function showMessages(next) {
  messages = next;
  if (!looked) draw();
}

/** Write everything again, in the language of the page. */
export function redrawMessages() {
  choice.replaceChildren(...CHOICES.map((name) => h("button", { type: "button", "aria-pressed": String(name === kind), onclick: () => { kind = name; pinned = false; history.replaceState(null, "", `#messages=${name}`); redrawMessages(); } }, t(name))));
  draw(true);
}

/** Put one message into the preview, wherever it was clicked. */
export function chooseMessage(message) {
  chosen = message;
  pinned = true;
  draw();
  preview.scrollIntoView({ block: "nearest", behavior: "smooth" });
}

function draw(again = false) {
  const rows = messages.filter(fits).slice(0, 40);
  const before = chosen?.message_id;
  if (!pinned) chosen = rows.find((m) => m.status === "sent" && m.channel === "email") ?? rows[0] ?? null;
  else chosen = messages.find((m) => m.message_id === before) ?? chosen;
  list.replaceChildren(...(rows.length ? rows.map(row) : [h("li", { class: "empty" }, t("no_messages"))]));
  // The preview follows the stream slowly: an email that is being read is not torn away.
  if (again || chosen?.message_id !== before) {
    if (pinned || again || !before || Date.now() - drawnAt > 12_000) drawPreview();
    else chosen = messages.find((m) => m.message_id === before) ?? chosen;
    mark();
  }
}

function mark() {
  for (const item of list.children) item.firstChild?.setAttribute?.("aria-current", String(item.dataset.id === chosen?.message_id));
}

const nameOf = (message) => message.name ?? message.to ?? t("anonymous");

function row(message) {
  const what = message.subject ?? message.body ?? "";
  const status = statusOf(message);
  const button = h("button", { type: "button", class: "message", "aria-current": String(message.message_id === chosen?.message_id), onclick: () => chooseMessage(message) },
    h("span", { class: `node-icon ${message.channel}` }, icon(message.channel)),
    h("span", { class: "message-who" }, nameOf(message)),
    h("time", { class: "message-when", datetime: message.at }, clockTime(message.at)),
    h("span", { class: "message-said" }, message.status === "sent" || what ? what : reason(message.reason ?? "")),
    h("span", { class: "message-from" }, `${message.source.split(":")[1]} › ${message.step}`, message.status === "sent" ? null : h("span", { class: `chip ${tone(message)}` }, t(`status_${status}`))));
  return h("li", { "data-id": message.message_id }, button);
}

let drawnAt = 0;

function drawPreview() {
  drawnAt = Date.now();
  if (!chosen) return preview.replaceChildren(h("p", { class: "empty" }, t("no_messages")));
  const who = h("button", { type: "button", class: "link", onclick: () => openPerson(chosen.user_id) }, nameOf(chosen));
  const head = h("div", { class: "preview-head" },
    h("h3", {}, chosen.status === "sent" ? chosen.subject ?? t(chosen.channel) : t("not_sent_title")),
    h("p", {}, who, ` · ${chosen.to ?? ""} · ${shortMoment(chosen.at)}`));
  return preview.replaceChildren(head, chosen.status === "sent" ? rendering(chosen) : refusal(chosen));
}

function rendering(message) {
  if (message.channel === "email") {
    // No script, no form, no way out: the sandbox is empty. The page's policy keeps pictures from elsewhere out.
    const body = message.html ? message.body : `<pre style="white-space:pre-wrap;font:15px/1.6 sans-serif;padding:24px">${escape(message.body ?? "")}</pre>`;
    return h("iframe", { sandbox: "", srcdoc: body, title: t("preview", { name: message.name ?? "" }) });
  }
  const time = h("time", { class: message.channel === "push" ? "big" : "", datetime: message.at }, clockTime(message.at));
  const inner = message.channel === "push"
    ? h("div", { class: "push-card" }, h("span", { class: "mark", "aria-hidden": "true" }, "B"), h("b", {}, message.subject ?? "Atelier Brume"), h("p", {}, message.body ?? ""))
    : h("p", { class: "bubble" }, message.body ?? "");
  return h("div", { class: "stage" }, h("div", { class: "phone" }, time, inner));
}

function refusal(message) {
  const held = message.held_until && UNDECIDED.has(message.status);
  return h("div", { class: "stage" }, h("div", { class: "not-sent" },
    h("span", { class: `chip ${tone(message)}` }, t(`status_${statusOf(message)}`)),
    h("h3", {}, held ? t("held_until", { at: shortMoment(message.held_until) }) : reason(message.reason ?? "")),
    h("p", {}, `${t(message.channel)} · ${message.source.split(":")[1]} › ${message.step}`)));
}

function escape(text) {
  return text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);
}
