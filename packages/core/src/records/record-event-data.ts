import type { JsonObject } from '../json/json.ts';
import { type KnownRecords, recordEventType } from './known-records.ts';

const text = { type: 'string' } as const;
const names = { type: 'array', items: text } as const;

/**
 * Data of an event of the host's records, as JSON Schema; `undefined` for any other type of event. How a record was is left open: it may be older than
 * its schema.
 */
export function recordEventData(records: KnownRecords | null, event: string): JsonObject | undefined {
  for (const { name, described } of records?.types.values() ?? []) {
    const { $defs, ...schema } = described;
    const isGone = event === recordEventType(name, 'deleted');
    if (!isGone && event !== recordEventType(name, 'created') && event !== recordEventType(name, 'updated')) continue;
    const properties = {
      ...{ type: text, id: text, version: { type: ['string', 'null'] }, before: {}, after: isGone ? { type: 'null' } : schema },
      ...{ changed: names, entered: names, left: names },
    };
    return { type: 'object', properties, additionalProperties: false, ...($defs === undefined ? {} : { $defs }) };
  }
  return undefined;
}
