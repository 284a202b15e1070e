import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { applyChange, type Change, freeName, newNames } from "./changes";
import { echoProblems } from "./check";
import { compareJourneys } from "./compare";
import { isFields, type Journey, readJourney } from "./definition";
import { countWays, exitsAt } from "./figures";
import { addToHistory, beginHistory, redo, undo } from "./history";
import { layOut } from "./layout";
import { namesakes } from "./namesakes";
import { edgesOf, portsOf, withTarget, wouldCircle } from "./ports";
import { NODE } from "./sizes";
import { goneWays, initialsOf, outcomesOf } from "./trial";

const ROOT = join(__dirname, "../../../../..");

function filesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => join(ROOT, folder, name));
}

const files = ["src/relance/demo/definitions", "src/relance/definitions", "examples", "tests/acceptance"].flatMap(
  filesUnder,
);
const journeys: [string, Journey][] = files.flatMap((file) =>
  parseAllDocuments(readFileSync(file, "utf8"), { uniqueKeys: false }).flatMap((document): [string, Journey][] => {
    const body: unknown = document.toJS();
    return isFields(body) && body.kind === "journey" && isFields(body.steps)
      ? [[`${file.slice(ROOT.length)} ${body.id}`, body as unknown as Journey]]
      : [];
  }),
);

describe("definitions of this repository", () => {
  it("are found", () => {
    expect(journeys.length).toBeGreaterThan(8);
  });

  it.each(journeys)("come back as they were from every way: %s", (_, journey) => {
    const same = edgesOf(journey).reduce((one, edge) => {
      const given =
        edge.from in one.steps
          ? portsOf(one.steps[edge.from] as never).find((port) => port.path === edge.port)
          : undefined;
      return given && !given.named ? one : applyChange(one, { do: "connect", way: edge, target: edge.target });
    }, journey);

    expect(same).toEqual(journey);
    expect(readJourney(journey, journey.id)).toEqual(journey);
  });

  it.each(journeys)("come back from a step put in and taken out, and from another name and back: %s", (_, journey) => {
    for (const edge of edgesOf(journey)) {
      if (!(edge.target in journey.steps)) continue;
      const grown = applyChange(journey, {
        do: "insert",
        way: edge,
        name: "put-in",
        step: { type: "wait", for: "1d" },
      });

      expect(Object.keys(grown.steps)).toContain("put-in");
      expect(applyChange(grown, { do: "remove", names: ["put-in"] })).toEqual(journey);
    }
    for (const name of Object.keys(journey.steps)) {
      const renamed = applyChange(journey, { do: "rename", from: name, to: "other-name" });

      expect(JSON.stringify(renamed)).not.toContain(`"next":"${name}"`);
      expect(applyChange(renamed, { do: "rename", from: "other-name", to: name })).toEqual(journey);
    }
  });

  it.each(journeys)("are drawn without nodes that touch, each below what leads to it: %s", (_, journey) => {
    const { at } = layOut(journey);
    const steps = Object.keys(journey.steps).map((name) => at[name] as { x: number; y: number });
    for (const [n, a] of steps.entries())
      for (const b of steps.slice(n + 1)) expect(a.y !== b.y || Math.abs(a.x - b.x) >= NODE.width).toBe(true);
    for (const edge of edgesOf(journey)) {
      const [from, to] = [at[edge.from], at[edge.target]];
      if (from && to) expect(to.y).toBeGreaterThan(from.y);
    }
  });
});

const cart: Journey = {
  kind: "journey",
  id: "cart",
  entry: { type: "event", event: "Cart Abandoned" },
  start: "remind",
  steps: {
    remind: { type: "message", channel: "email", template: "cart", next: "opened" },
    opened: { type: "listen", for: [{ event: "Email Opened", message: "remind" }], timeout: "1d", on_timeout: "text" },
    text: { type: "message", channel: "sms", template: "cart-sms" },
  },
};

describe("changes", () => {
  it("rename a step wherever it is named", () => {
    const asked: Change = {
      do: "set-step",
      name: "text",
      step: {
        type: "branch",
        when: [{ where: { type: "message", source: "journey:cart", step: "remind" }, next: "end" }],
        otherwise: "end",
      },
    };
    const renamed = applyChange(applyChange(cart, asked), { do: "rename", from: "remind", to: "first" });

    expect(renamed.start).toBe("first");
    expect(Object.keys(renamed.steps)).toEqual(["first", "opened", "text"]);
    expect(JSON.stringify(renamed)).not.toContain("remind");
  });

  it("paste a piece under free names, its own ways and listeners with it, and lead on where the way led", () => {
    const { remind, opened } = cart.steps;
    const pasted = applyChange(cart, {
      do: "paste",
      steps: { remind, opened } as Journey["steps"],
      way: { from: "opened", port: "on_timeout" },
    });

    expect(newNames(cart, pasted)).toEqual(["remind-2", "opened-2"]);
    expect(pasted.steps.opened?.on_timeout).toBe("remind-2");
    expect(pasted.steps["remind-2"]?.next).toBe("opened-2");
    expect(pasted.steps["opened-2"]).toEqual({
      type: "listen",
      for: [{ event: "Email Opened", message: "remind-2", next: "text" }],
      timeout: "1d",
      on_timeout: "text",
    });
  });

  it("take a step out so that who came to it goes on", () => {
    const left = applyChange(cart, { do: "remove", names: ["remind", "opened"] });

    expect(left.start).toBe("end");
    expect(Object.keys(left.steps)).toEqual(["text"]);
  });

  it("see circles before they are made", () => {
    expect(wouldCircle(cart, "text", "remind")).toBe(true);
    expect(wouldCircle(cart, "remind", "text")).toBe(false);
    expect(withTarget(cart.steps.opened as never, "for/0/next", "text").for).toEqual([
      { event: "Email Opened", message: "remind", next: "text" },
    ]);
  });

  it("find a free name", () => {
    expect(freeName("wait", (name) => ["wait", "wait-2"].includes(name))).toBe("wait-3");
    expect(freeName("end", () => false)).toBe("end-2");
  });
});

describe("history", () => {
  it("takes back and does again, and joins what is typed in one go", () => {
    let history = addToHistory(beginHistory("a"), "b", "name", 1_000);
    history = addToHistory(history, "c", "name", 2_000);
    history = addToHistory(history, "d", "", 2_100);

    expect(undo(history).present).toBe("c");
    expect(undo(undo(history)).present).toBe("a");
    expect(redo(redo(undo(undo(history)))).present).toBe("d");
    expect(undo(beginHistory("a")).present).toBe("a");
  });
});

describe("what the server says, early", () => {
  const shared = JSON.parse(readFileSync(join(ROOT, "tests/shared/journey-checks.json"), "utf8")) as {
    name: string;
    definition: Journey;
    problems: { code: string; path: string }[];
  }[];

  it.each(shared.map((one) => [one.name, one] as const))("%s", (_, one) => {
    const told = echoProblems(one.definition).map(({ code, path }) => `${code} ${path}`);

    expect(told.sort()).toEqual(one.problems.map(({ code, path }) => `${code} ${path}`).sort());
  });
});

describe("figures", () => {
  it("go to the ways that lead there, and tell who left for another reason", () => {
    const counts = { opened: { entered: 10, inside: 2, left: { text: 5, end: 1, "Order Completed": 2 } } };
    const ways = countWays(cart, 12, counts);

    expect(ways.get("~entry|start")).toEqual({ count: 12, share: 1, shared: false });
    expect(ways.get("opened|on_timeout")).toEqual({ count: 5, share: 5 / 8, shared: false });
    expect(ways.get("opened|for/0/next")).toEqual({ count: 1, share: 1 / 8, shared: false });
    expect(ways.get("text|next")).toEqual({ count: 0, share: 0, shared: false });
    expect(exitsAt(cart, counts.opened)).toEqual([["Order Completed", 2]]);
  });
});

describe("ways from one step to the same", () => {
  const journey = readJourney(
    {
      entry: { type: "event", event: "A" },
      start: "ear",
      steps: {
        ear: {
          type: "listen",
          for: [
            { event: "A", next: "on" },
            { event: "B", next: "on" },
          ],
          timeout: "1d",
          on_timeout: "on",
        },
        on: { type: "end" },
      },
    } as never,
    "j",
  );
  const counts = { ear: { entered: 7, inside: 0, left: { on: 7 } } };

  it("have each their own figure, where the server told them apart", () => {
    const ways = countWays(journey, 7, counts, { ear: { on: { "heard:A": 4, timeout: 3 } } });

    expect(ways.get("ear|for/0/next")).toEqual({ count: 4, share: 4 / 7, shared: false });
    expect(ways.get("ear|for/1/next")).toEqual({ count: 0, share: 0, shared: false });
    expect(ways.get("ear|on_timeout")?.count).toBe(3);
  });

  it("share it where what was told does not come to all who left", () => {
    const ways = countWays(journey, 7, counts, { ear: { on: { "heard:A": 4 } } });

    expect(ways.get("ear|for/0/next")).toEqual({ count: 7, share: 1, shared: true });
  });
});

describe("tests", () => {
  it("tell which ways were gone, and which can be forced", () => {
    const gone = goneWays(cart, { not_entered: ["text"], not_gone: [{ from: "opened", to: "text" }] });

    expect([...gone].sort()).toEqual(["opened|for/0/next", "remind|next", "~entry|start"]);
    expect(outcomesOf(cart.steps.opened as never).map((one) => one.outcome)).toEqual(["1", "timeout"]);
    expect(
      outcomesOf({ type: "message", channel: "sms", template: "x", on_failed: "text" }).map((one) => one.outcome),
    ).toEqual(["sent", "failed"]);
    expect(initialsOf("tester-12")).toBe("T12");
  });
});

describe("versions", () => {
  it("differ in settings and steps, not in the order of fields", () => {
    const { remind, opened, text } = cart.steps as Record<string, Journey["steps"][string]>;
    const after = {
      ...cart,
      reentry: "once",
      steps: {
        text: { ...text, next: "thanks" },
        remind: { next: "opened", template: "cart", channel: "email", type: "message" },
        thanks: { type: "end" },
      },
    } as unknown as Journey;

    expect(compareJourneys(cart, after)).toEqual([
      { step: null, kind: "changed", fields: [{ name: "reentry", before: undefined, after: "once" }] },
      { step: "text", kind: "changed", fields: [{ name: "next", before: undefined, after: "thanks" }] },
      { step: "thanks", kind: "added", fields: [{ name: "type", before: undefined, after: "end" }] },
      {
        step: "opened",
        kind: "removed",
        fields: Object.entries(opened ?? {}).map(([name, before]) => ({ name, before, after: undefined })),
      },
    ]);
    expect(compareJourneys(cart, { ...cart, steps: { text, opened, remind } as Journey["steps"] })).toEqual([]);
  });
});

describe("steps that are told by what they do", () => {
  it("finds all that are called alike, and nobody else", () => {
    const called = new Map([
      ["pause", "Wait · 3 days"],
      ["mail", "Hello"],
      ["rest", "Wait · 3 days"],
      ["sleep", "Wait · 3 days"],
      ["nap", "Wait · 1 day"],
    ]);
    expect(namesakes(called)).toEqual(new Set(["pause", "rest", "sleep"]));
  });
});
