/** What the server answers, where it says so in its OpenAPI document. Made by `make golden`; never edited by hand. */

export interface AudienceOfPerson {
  audience: string;
  since: string;
}

export interface DemoDataTold {
  state: "none" | "loading" | "loaded" | "removing" | "removed";
  progress: number;
  events: number;
  people: number | null;
  asked_by: string | null;
  asked_at: string | null;
  ended_at: string | null;
  may_load: boolean;
  why_not: WhyNot | null;
  removal: RemovalTold | null;
}

export interface ErasurePage {
  items: ErasureTold[];
  next: string | null;
}

export interface ErasureTold {
  erasure_id: string;
  asked_at: string;
  asked_by: string;
  suppress: boolean;
  state: "waiting" | "applied" | "done";
  erased_at: string | null;
  done_at: string | null;
  calls: number;
  refused: number;
  people: number;
}

export interface FoundPerson {
  user_id: string;
  known: boolean;
  email: string | null;
  created_at: string;
  updated_at: string;
  traits: Record<string, unknown>;
}

export interface KeptDefinition {
  kind: string;
  id: string;
  why: string;
}

export interface OverTime {
  items: TimeBucket[];
  later: number;
}

export interface Passage {
  enrollment_id: string;
  source: string;
  name: string;
  key: unknown;
  status: string;
  reason: string | null;
  entered_at: string;
  ended_at: string | null;
  goal_at: string | null;
  step: string | null;
  due_at: string | null;
  started_by: Record<string, unknown>;
  path: Visit[];
}

export interface PeoplePage {
  items: FoundPerson[];
  after: number | null;
}

export interface Person {
  user_id: string;
  known: boolean;
  created_at: string;
  updated_at: string;
  traits: Record<string, unknown>;
  timezone: string | null;
  addresses: PersonAddress[];
  consent: PersonConsent[];
  suppressions: PersonSuppression[];
  ids: string[];
  journeys: Passage[];
  audiences: AudienceOfPerson[];
  predictions: ScoreOfPerson[];
  segments: string[];
}

export interface PersonAddress {
  channel: string;
  address: string;
  valid: boolean;
}

export interface PersonConsent {
  channel: string;
  group: string | null;
  state: string;
  at: string;
}

export interface PersonSuppression {
  channel: string;
  address: string;
  reason: string;
  at: string;
}

export interface PublishedDefinition {
  kind: string;
  id: string;
  name: string;
  version: number;
  published_at: string;
  by: string;
  definition: Record<string, unknown>;
}

export interface PublishedPage {
  items: PublishedDefinition[];
}

export interface RemovalTold {
  people: number;
  people_left: number;
  definitions: number;
  definitions_left: KeptDefinition[];
}

export interface ScoreOfPerson {
  prediction: string;
  probability: number;
  score: number;
  category: string;
  previous_category: string | null;
  scored_at: string;
  version: number;
  place: number | null;
  percentile: number | null;
  value: number | null;
  next_at: string | null;
}

export interface SegmentRow {
  id: string;
  name: string;
  members: number;
  at: string;
  archived_at: string | null;
}

export interface SegmentsPage {
  items: SegmentRow[];
  people: number;
  known: number;
}

export interface TimeBucket {
  since: string;
  hours: number;
  sent: number;
  opened: number;
  clicked: number;
}

export interface Visit {
  visit: number;
  step: string;
  type: string;
  at: string;
  why: Record<string, unknown>;
}

export interface WhyNot {
  code: string;
  message: string;
}
