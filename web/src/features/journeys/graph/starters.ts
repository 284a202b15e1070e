import type { Journey, Step } from "./definition";

/** What a new journey can begin with: nothing, or the reference journeys of the project. Templates are left to be chosen: the check asks for them. */
export const STARTERS = ["scratch", "cart", "firstMessage", "welcome", "winBack"] as const;
export type Starter = (typeof STARTERS)[number];
/** What may be begun with for a segment alone. */
export type OfSegment = "segment" | "audience";

const email = (more: object): Step => ({ type: "message", channel: "email", template: "", ...more }) as Step;

const BODIES: Record<Starter | OfSegment, (segment: string) => Omit<Journey, "kind" | "id" | "name">> = {
  scratch: () => ({ entry: { type: "event", event: "" }, start: "finish", steps: { finish: { type: "end" } } }),
  cart: () => ({
    entry: {
      type: "event",
      event: "Cart Abandoned",
      where: [{ path: "cart_total", op: "gt", value: 50 }],
    },
    reentry: "always",
    key: "properties.cart_id",
    goal: { event: "Order Completed", target_percent: 50, within: "3d" },
    exit_on: [{ event: "Order Completed" }],
    start: "remind",
    steps: {
      remind: email({ next: "opened" }),
      opened: {
        type: "listen",
        for: [{ event: "Email Opened", message: "remind", next: "finish" }],
        timeout: "1d",
        on_timeout: "text",
      },
      text: { type: "message", channel: "sms", template: "", next: "pause" },
      pause: { type: "wait", for: "1d", next: "last" },
      last: { type: "message", channel: "push", template: "", next: "finish" },
      finish: { type: "end" },
    },
  }),
  firstMessage: (segment) => ({
    entry: { type: "segment_entered", segment },
    goal: { event: "Order Completed", target_percent: 20, within: "7d" },
    start: "hello",
    steps: {
      hello: { type: "message", channels: { email: "", push: "" }, strategy: "all", next: "reaction" },
      reaction: {
        type: "listen",
        for: [
          { event: "Push Notification Tapped", message: "hello", next: "order" },
          { event: "Email Opened", message: "hello", next: "order" },
        ],
        timeout: "1d",
        on_timeout: "follow-up",
      },
      "follow-up": email({ next: "order" }),
      order: {
        type: "listen",
        for: [{ event: "Order Completed", next: "thanks" }],
        since: "enrollment",
        timeout: "7d",
        on_timeout: "finish",
      },
      thanks: { type: "message", channel: "push", template: "", next: "finish" },
      finish: { type: "end" },
    },
  }),
  welcome: () => ({
    entry: { type: "event", event: "Signed Up" },
    reentry: "once",
    goal: { event: "Order Completed", target_percent: 30, within: "7d" },
    start: "language",
    steps: {
      language: {
        type: "branch",
        when: [{ where: { type: "trait", path: "language", op: "eq", value: "fr" }, next: "bienvenue" }],
        otherwise: "welcome",
      },
      bienvenue: email({ next: "settle" }),
      welcome: email({ next: "settle" }),
      settle: { type: "wait", for: "1d", next: "bought" },
      bought: {
        type: "branch",
        when: [{ where: { type: "did", event: "Order Completed", times: { gte: 1 }, within: "2d" }, next: "finish" }],
        otherwise: "discover",
      },
      discover: {
        type: "message",
        channels: { push: "", sms: "" },
        strategy: "first_reachable",
        next: "finish",
      },
      finish: { type: "end" },
    },
  }),
  winBack: (segment) => ({
    entry: { type: "segment_entered", segment },
    goal: { event: "Order Completed", target_percent: 20, within: "7d" },
    exit_on: [{ event: "Order Completed" }],
    start: "worth",
    steps: {
      worth: {
        type: "branch",
        when: [
          {
            where: { type: "did", event: "Order Completed", aggregate: { fn: "sum", path: "total", gte: 90 } },
            next: "gift",
          },
        ],
        otherwise: "letter",
      },
      gift: email({ next: "clicked" }),
      letter: email({ next: "clicked" }),
      clicked: {
        type: "listen",
        for: [{ event: "Email Link Clicked", next: "finish" }],
        timeout: "2d",
        on_timeout: "nudge",
      },
      nudge: {
        type: "message",
        channels: { sms: "", push: "" },
        strategy: "first_reachable",
        next: "finish",
      },
      finish: { type: "end" },
    },
  }),
  audience: (segment) => ({
    entry: { type: "segment_entered", segment },
    reentry: "always",
    start: "add",
    steps: {
      add: { type: "audience", audience: segment, action: "add", next: "stay" },
      stay: { type: "listen", for: [{ segment_left: segment, next: "remove" }] },
      remove: { type: "audience", audience: segment, action: "remove", next: "finish" },
      finish: { type: "end" },
    },
  }),
  segment: (segment) => ({
    entry: { type: "segment_entered", segment },
    start: "message",
    steps: { message: email({ next: "finish" }), finish: { type: "end" } },
  }),
};

export function beginJourney(starter: Starter | OfSegment, id: string, name: string, segment = ""): Journey {
  return { kind: "journey", id, name, ...BODIES[starter](segment) } as Journey;
}
