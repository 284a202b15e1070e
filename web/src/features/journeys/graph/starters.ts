import type { Journey, Step } from "./definition";

/** What a new journey can begin with. Templates are left to be chosen: the check asks for them. */
export const STARTERS = ["scratch", "cart", "welcome", "winBack"] as const;
export type Starter = (typeof STARTERS)[number];

const email = (more: object): Step => ({ type: "message", channel: "email", template: "", ...more }) as Step;

const BODIES: Record<Starter | "segment", (segment: string) => Omit<Journey, "kind" | "id" | "name">> = {
  scratch: () => ({ entry: { type: "event", event: "" }, start: "finish", steps: { finish: { type: "end" } } }),
  cart: () => ({
    entry: { type: "event", event: "Cart Abandoned" },
    goal: { event: "Order Completed", target_percent: 20, within: "3d" },
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
      text: { type: "message", channel: "sms", template: "", next: "finish" },
      finish: { type: "end" },
    },
  }),
  welcome: () => ({
    entry: { type: "event", event: "Signed Up" },
    reentry: "once",
    goal: { event: "Order Completed", target_percent: 20, within: "7d" },
    start: "welcome",
    steps: {
      welcome: email({ next: "settle" }),
      settle: { type: "wait", for: "3d", next: "ordered" },
      ordered: {
        type: "branch",
        when: [{ where: { type: "did", event: "Order Completed", times: { gte: 1 } }, next: "finish" }],
        otherwise: "second",
      },
      second: email({ next: "finish" }),
      finish: { type: "end" },
    },
  }),
  winBack: (segment) => ({
    entry: { type: "segment_entered", segment },
    goal: { event: "Order Completed", target_percent: 10, within: "7d" },
    exit_on: [{ event: "Order Completed" }],
    start: "letter",
    steps: {
      letter: email({ next: "clicked" }),
      clicked: {
        type: "listen",
        for: [{ event: "Email Link Clicked", message: "letter", next: "finish" }],
        timeout: "2d",
        on_timeout: "nudge",
      },
      nudge: { type: "message", channel: "push", template: "", next: "finish" },
      finish: { type: "end" },
    },
  }),
  segment: (segment) => ({
    entry: { type: "segment_entered", segment },
    start: "message",
    steps: { message: email({ next: "finish" }), finish: { type: "end" } },
  }),
};

export function beginJourney(starter: Starter | "segment", id: string, name: string, segment = ""): Journey {
  return { kind: "journey", id, name, ...BODIES[starter](segment) } as Journey;
}
