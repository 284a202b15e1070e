/** A person, as the server tells of them. */

import type { FoundPerson, Person } from "@/api/answers";

export type { Person };
export type PersonRow = FoundPerson;
export type Traits = Person["traits"];

/** Whether a channel reaches them: an address that works, agreed to, not suppressed; else why not. */
export type Reach = "reachable" | "no_address" | "invalid" | "suppressed" | "unsubscribed" | "unknown";

export function reachOf(person: Person, channel: string): Reach {
  const address = person.addresses.find((one) => one.channel === channel);
  if (!address) return "no_address";
  if (!address.valid) return "invalid";
  if (person.suppressions.some((one) => one.channel === channel && one.address === address.address))
    return "suppressed";
  const consent = person.consent.find((one) => one.channel === channel && !one.group);
  if (consent?.state === "unsubscribed") return "unsubscribed";
  return consent?.state === "subscribed" ? "reachable" : "unknown";
}

/** First and last name, else what stands under `name`; empty for one nobody knows. */
export function nameOf(traits: Traits): string {
  const parts = [traits.first_name, traits.last_name].filter((part) => typeof part === "string" && part);
  return parts.length ? parts.join(" ") : typeof traits.name === "string" ? traits.name : "";
}

/** Two letters for the picture of a person without one. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s-]+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => word[0]?.toUpperCase())
    .join("");
}

/** Traits as rows, those inside others by their path: `address.city`. */
export function flatten(traits: Traits, prefix = ""): [string, unknown][] {
  return Object.entries(traits).flatMap(([name, value]) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? flatten(value as Traits, `${prefix}${name}.`)
      : [[`${prefix}${name}`, value] as [string, unknown]],
  );
}
