// One person: who they are, where they stand, and everything that happened to them with the reason of each decision.

import { ask } from "./api.js";
import { h, icon } from "./dom.js";
import { clockTime, day, shortMoment, t } from "./language.js";
import { tell } from "./tale.js";

const dialog = document.getElementById("person");
const KINDS = { everything: () => true, decisions: (i) => i.kind !== "event" && i.kind !== "consent", told: (i) => i.kind === "event" || i.kind === "consent" };
let shown = "everything";
let current = null; // {userId, profile, items}

dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
dialog.addEventListener("close", () => { current = null; if (location.hash.startsWith("#person=")) history.replaceState(null, "", location.pathname); });

/** Open the drawer on one person. */
export async function openPerson(userId) {
  const [profile, timeline] = await Promise.all([ask(`profiles/${encodeURIComponent(userId)}`), ask(`profiles/${encodeURIComponent(userId)}/timeline?limit=300`)]).catch(() => [null, null]);
  if (!profile) return;
  current = { userId, profile, items: timeline.items };
  history.replaceState(null, "", `#person=${encodeURIComponent(userId)}`);
  draw();
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}

/** Look again while the drawer is open. */
export async function refreshPerson() {
  if (!current || !dialog.open) return;
  const { userId } = current;
  const [profile, timeline] = await Promise.all([ask(`profiles/${encodeURIComponent(userId)}`), ask(`profiles/${encodeURIComponent(userId)}/timeline?limit=300`)]);
  if (current?.userId !== userId) return;
  const changed = JSON.stringify([profile, timeline.items]) !== JSON.stringify([current.profile, current.items]);
  current = { userId, profile, items: timeline.items };
  if (changed) draw();
}

/** Write the drawer again, in the language of the page. */
export function redrawPerson() {
  if (current) draw();
}

function draw() {
  const { profile, items } = current;
  const name = [profile.traits.first_name, profile.traits.last_name].filter(Boolean).join(" ");
  const place = [profile.traits.address?.city, profile.traits.language?.toUpperCase(), profile.traits.birth_year && t("born", { year: profile.traits.birth_year })].filter(Boolean).join(" · ");
  const scrolled = dialog.scrollTop;
  dialog.replaceChildren(
    h("div", { class: "person-head" },
      h("span", { class: "avatar", "aria-hidden": "true" }, initials(name) || "?"),
      h("div", {}, h("h2", { id: "person-name", tabindex: "-1", autofocus: true }, name || t("anonymous")), h("p", {}, place || profile.user_id)),
      h("button", { type: "button", class: "icon-button", "aria-label": t("close"), onclick: () => dialog.close() }, icon("close", 18))),
    facts(profile),
    h("div", { class: "person-choice" }, h("h3", {}, t("timeline")),
      h("div", { class: "choice", role: "group", "aria-label": t("show") }, Object.keys(KINDS).map((kind) => h("button", { type: "button", "aria-pressed": String(kind === shown), onclick: () => { shown = kind; draw(); } }, t(kind))))),
    timelineOf(items.filter((i) => KINDS[shown](i) && i.type !== "end")));
  dialog.scrollTop = scrolled;
}

const initials = (name) => name.split(/[\s-]+/).map((part) => part[0]).filter(Boolean).slice(0, 2).join("").toUpperCase();

function facts(profile) {
  const channels = profile.consent.filter((c) => !c.group).map((c) => {
    const blocked = profile.suppressions.find((s) => s.channel === c.channel);
    const good = c.state === "subscribed" && !blocked;
    return h("span", { class: `chip ${good ? "good" : "warn"}`, title: blocked ? t("suppressed_address", { reason: blocked.reason }) : c.state }, `${t(c.channel)} ${good ? "✓" : "✕"}`);
  });
  const open = profile.journeys.filter((j) => j.status === "active").map((j) => h("span", { class: "chip accent" }, `${j.name} › ${j.step ?? ""}${j.due_at ? ` · ${shortMoment(j.due_at)}` : ""}`));
  const none = h("span", { class: "told-about" }, t("none"));
  const rows = [
    [t("reach"), channels.length ? channels : none],
    [t("segments_of"), profile.segments.length ? profile.segments.map((s) => h("span", { class: "chip" }, s)) : none],
    [t("inside_of"), open.length ? open : none],
    [t("ids"), h("span", { class: "told-about" }, [profile.user_id, ...profile.addresses.filter((a) => a.channel !== "push").map((a) => a.address)].join(" · "))],
  ];
  return h("dl", { class: "person-facts" }, rows.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

function timelineOf(items) {
  const list = h("ol", { class: "timeline" });
  let last = "";
  for (const item of items) {
    const on = day(item.at);
    if (on !== last) list.append(h("li", { class: "day" }, on));
    last = on;
    list.append(moment(item));
  }
  return list;
}

function moment(item) {
  const { drawing, tone, what, why, quiet } = tell(item);
  return h("li", { class: `moment ${quiet ? "quiet" : ""}` },
    h("span", { class: `dot ${tone ?? ""}` }, drawing ? icon(drawing, 14) : null),
    h("div", { class: "moment-what" }, what,
      why ? h("p", { class: "why" }, why) : null,
      item.kind === "message" && item.status === "sent" ? h("span", { class: "quote" }, item.subject ? [h("b", {}, item.subject), item.channel === "email" ? "" : ` ${item.body ?? ""}`] : item.body ?? "") : null),
    h("time", { datetime: item.at }, clockTime(item.at)));
}
