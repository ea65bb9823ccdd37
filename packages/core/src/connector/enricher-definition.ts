import type { HubEvent } from '../event/hub-event.ts';
import type { Json } from '../json/json.ts';
import type { ConnectionCall } from './iconnector.ts';

/** What an enricher is asked with. */
export interface EnricherCall extends ConnectionCall {
  /** The event, mapped where the tenant has a mapping for it. */
  readonly event: HubEvent;
}

/** Tells something of an event that is not in it: who owns the service that failed, what was deployed before. */
export interface EnricherDefinition {
  readonly title: string;
  readonly description: string;
  /** Patterns of event types that it knows something of, of any connector: `*`, `github.issue.*`. */
  readonly events: readonly string[];
  /** Looks it up; it only reads. At most 64 KiB as JSON, `null` where there is nothing to tell. What it throws is told with the event, and the event goes on. */
  run(call: EnricherCall): Promise<Json>;
}
