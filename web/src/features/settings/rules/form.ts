import type { FieldProblem } from "@/api/client";

/** The rules of sending as a form holds them, and the definition of kind `settings` that they make. */

export const CHANNELS = ["email", "sms", "push", "in_app", "webhook"] as const;
export type Channel = (typeof CHANNELS)[number];
export const MODES = ["opt_in", "opt_out", "none"] as const;
export type Mode = (typeof MODES)[number];

// What holds where nothing is said.
const CONSENT: Record<Channel, Mode> = {
  email: "opt_in",
  sms: "opt_in",
  push: "opt_in",
  in_app: "none",
  webhook: "none",
};

export interface Cap {
  /** A channel, or `any`. */
  channel: string;
  /** `""` while nothing is typed. */
  max: number | "";
  /** A length such as `24h`. */
  per: string;
}

export interface Quiet {
  /** None: all. */
  channels: string[];
  from: string;
  to: string;
  /** `profile`, or the name of a zone. */
  timezone: string;
  when_hit: "hold" | "discard";
}

export interface RulesForm {
  timezone: string;
  lateness: string;
  consent: Record<Channel, Mode>;
  caps: Cap[];
  quiet: Quiet | null;
}

export type Definition = Record<string, unknown>;

export const NEW_CAP: Cap = { channel: "any", max: 3, per: "24h" };
export const NEW_QUIET: Quiet = { channels: [], from: "21:00", to: "08:00", timezone: "profile", when_hit: "hold" };

export function toForm(definition: Definition): RulesForm {
  const quiet = definition.quiet_hours as Partial<Quiet> | null | undefined;
  const caps = (definition.frequency_caps ?? []) as Partial<Cap>[];
  return {
    timezone: (definition.timezone as string | undefined) ?? "UTC",
    lateness: (definition.lateness as string | undefined) ?? "0s",
    consent: { ...CONSENT, ...(definition.consent as Partial<Record<Channel, Mode>> | undefined) },
    caps: caps.map((cap) => ({ ...NEW_CAP, ...cap })),
    quiet: quiet ? { ...NEW_QUIET, ...quiet } : null,
  };
}

/** What is published: all that the form holds, and whatever else stood in the definition before. */
export function toDefinition(form: RulesForm, before: Definition): Definition {
  const { frequency_caps: _caps, quiet_hours: _quiet, ...others } = before;
  const { channels, ...quiet } = form.quiet ?? NEW_QUIET;
  return {
    ...others,
    kind: "settings",
    timezone: form.timezone,
    lateness: form.lateness,
    consent: form.consent,
    ...(form.caps.length ? { frequency_caps: form.caps } : {}),
    ...(form.quiet ? { quiet_hours: channels.length ? { channels, ...quiet } : quiet } : {}),
  };
}

/** What the server says of one field, by its JSON pointer, or of what lies below it. */
export function problemAt(problems: readonly FieldProblem[], pointer: string): string | undefined {
  const found = problems.filter(({ path }) => path === pointer || path?.startsWith(`${pointer}/`));
  return found.length ? found.map(({ message }) => message).join(" ") : undefined;
}

const FIELDS = ["/timezone", "/lateness", "/consent", "/frequency_caps", "/quiet_hours"];

/** What belongs to no field of the form. */
export function elsewhere(problems: readonly FieldProblem[]): FieldProblem[] {
  return problems.filter(({ path }) => !FIELDS.some((field) => path === field || path?.startsWith(`${field}/`)));
}
