// Every event as it reaches the log, relance's own among them.

import { h } from "./dom.js";
import { clockTime, number, t } from "./language.js";
import { openPerson } from "./person.js";

const list = document.getElementById("stream");
const ownOnly = document.getElementById("own-only");
const KEPT = 120;
let events = [];
let seen = new Set();
let looked = false;

list.addEventListener("pointerenter", () => { looked = true; });
list.addEventListener("pointerleave", () => { looked = false; redrawStream(); });
ownOnly.addEventListener("change", () => redrawStream());

/** Add what is new; the rest stays where it is. */
export function showEvents(next) {
  const known = new Set(events.map((e) => e.position));
  const fresh = next.filter((e) => !known.has(e.position));
  events = [...fresh, ...events].slice(0, 4 * KEPT);
  if (!looked && fresh.length) redrawStream();
}

/** Write the list again. */
export function redrawStream() {
  const rows = events.filter((e) => !ownOnly.checked || e.own).slice(0, KEPT);
  const first = seen.size === 0;
  list.replaceChildren(...rows.map((event) => row(event, !first && !seen.has(event.position))));
  seen = new Set(events.map((e) => e.position));
}

const SALES = new Set(["Order Completed", "Journey Goal Reached", "Purchase"]);

function row(event, fresh) {
  const classes = ["told", event.own && "own", SALES.has(event.name) && "sale", fresh && "fresh"].filter(Boolean).join(" ");
  const parts = [
    h("time", { datetime: event.at }, clockTime(event.at)),
    h("span", { class: "told-name" }, event.name),
    h("span", { class: "told-about" }, [event.person ?? (event.user_id ?? (event.source === "shop" && event.anonymous_id?.startsWith("v") ? t("visitor") : event.anonymous_id)), about(event)].filter(Boolean).join(" · ")),
  ];
  const who = event.user_id ?? event.anonymous_id;
  return h("li", {}, who ? h("button", { type: "button", class: classes, onclick: () => openPerson(who) }, parts) : h("div", { class: classes }, parts));
}

/** The one property that says most. */
export function about({ name, properties: p = {} }) {
  if (p.cart_total !== undefined) return `${number(p.cart_total, 2)} ${p.currency ?? ""}`;
  if (p.total !== undefined) return `${number(p.total, 2)} ${p.currency ?? ""}`;
  if (name === "Subscription Changed") return `${p.channel} ${p.state}`;
  if (name === "Journey Ended") return [p.journey, p.reason ?? p.status].filter(Boolean).join(": ");
  return p.email_subject ?? p.name ?? p.collection ?? p.segment ?? (p.journey ?? p.campaign ? [p.journey ?? p.campaign, p.step, p.reason].filter(Boolean).join(" › ") : null) ?? p.purchaseMessage ?? p.email ?? "";
}
