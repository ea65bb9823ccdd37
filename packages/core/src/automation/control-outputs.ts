import type { JsonObject } from '../json/json.ts';

const text = { type: ['string', 'null'] } as const;

/** What control steps give, as JSON Schema. What `set` and `transform` give is what they are told. */
export const controlOutputs: ReadonlyMap<string, JsonObject> = new Map(
  Object.entries({
    'flow.branch': { branch: { type: ['integer', 'null'] } },
    'flow.each': { count: { type: 'integer' }, items: { type: 'array' } },
    'flow.wait': { timedOut: { type: 'boolean' }, event: {} },
    'flow.run': { eventId: text, runId: text, status: text, outputs: {}, error: {} },
  }).map(([name, properties]): [string, JsonObject] => [name, { type: 'object', properties, additionalProperties: false }]),
);
