import type { Ordering } from '../contracts/dispatch-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { HubEvent } from '../event/hub-event.ts';
import type { FuelUse } from '../expression/frame.ts';
import type { Json } from '../json/json.ts';
import type { CompiledOrdering } from './compile-automation.ts';

/** Longest ordering key, in characters. It stands in an index of the store; what is longer is no id. */
const longestKey = 200;

/**
 * What the run of an event is ordered by. Throws `expression_failed` or `fuel_exhausted` where the key cannot be worked out, and
 * `invalid_input` where it is no text or number, empty, or longer than 200 characters. What it used is added to `use`.
 */
export function orderingOf({ template, onDead }: CompiledOrdering, event: HubEvent, use?: FuelUse): Ordering {
  return { key: keyOf(template.render({ event }, use)), onDead };
}

function keyOf(value: Json): string {
  const key = typeof value === 'number' ? String(value) : value;
  // Not every store can keep a NUL or half of a surrogate pair, and an event that no store takes would never be routed.
  if (typeof key === 'string' && key !== '' && key.length <= longestKey && key.isWellFormed() && !key.includes('\u0000')) return key;
  throw new PatchbayError({
    code: 'invalid_input',
    message: `It is to be text of 1 to ${longestKey} characters or a number. Read an id that every event of the trigger has.`,
  });
}
