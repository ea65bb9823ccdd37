import type { HubEvent } from './hub-event.ts';

// A record, so that the compiler misses an attribute that is added to the event and not here.
const attributes: Readonly<Record<keyof HubEvent, true>> = {
  specversion: true,
  id: true,
  source: true,
  type: true,
  subject: true,
  time: true,
  datacontenttype: true,
  data: true,
  tenant: true,
  connection: true,
  correlation: true,
  causation: true,
  class: true,
  severity: true,
  mapped: true,
  enrichment: true,
  unverified: true,
};

/** Attributes that an event can have, sorted: what conditions and templates may read behind `event.`. */
export const eventAttributes: readonly string[] = Object.keys(attributes).sort();
