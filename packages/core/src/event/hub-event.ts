import type { Json } from '../json/json.ts';

/** What an event is about, coarsely; rules and alerts select by it. */
export type EventClass = 'delivery' | 'system' | 'security' | 'record' | 'content' | 'custom';

/** How much an event matters to a person. */
export type Severity = 'debug' | 'info' | 'warning' | 'error' | 'critical';

/** What an enricher found for an event, and who says so. */
export interface Enrichment {
  readonly status: 'found' | 'failed';
  /** What it found; `null` where it failed. */
  readonly data: Json;
  /** Why it failed, in a code and a sentence; `null` where it did not. */
  readonly error: { readonly code: string; readonly message: string } | null;
  /** `{connector}.{enricher}`. */
  readonly enricher: string;
  /** Id of the connection that it asked through. */
  readonly connection: string;
  /** RFC 3339, UTC: when it answered. */
  readonly at: string;
}

/**
 * Something that happened: a CloudEvent 1.0 in its JSON format, with the hub's extension attributes
 * (`tenant`, `connection`, `correlation`, `causation`, `class`, `severity`, `unverified`). Source: CloudEvents specification 1.0.2.
 */
export interface HubEvent<Type extends string = string, Data = Json> {
  readonly specversion: '1.0';
  /** uuid v7. Unique within the hub. */
  readonly id: string;
  /** URI reference of where it happened, `/tenants/{tenant}` or `/tenants/{tenant}/connections/{id}`. */
  readonly source: string;
  /** `{connector}.{trigger}` or the host's own type. */
  readonly type: Type;
  readonly subject?: string;
  /** RFC 3339, UTC. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: Data;
  readonly tenant: string;
  /** Id of the connection that it came through; absent for the host's own events. */
  readonly connection?: string;
  /** The first event of the chain; the event's own id where it is the first. */
  readonly correlation: string;
  /** The event whose automation caused this one. */
  readonly causation?: string;
  readonly class: EventClass;
  readonly severity: Severity;
  /** What the tenant's mapping made of the data; absent where none fits the event. */
  readonly mapped?: Json;
  /** What the tenant's enrichments found, by name; absent where none has looked. */
  readonly enrichment?: Readonly<Record<string, Enrichment>>;
  /** Nobody has signed the delivery that brought it: its connector says that it is `dangerouslyUnverified`. Absent for every other event. */
  readonly unverified?: true;
}
