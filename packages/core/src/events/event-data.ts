import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Json } from '../json/json.ts';
import { jsonText } from '../json/json-text.ts';
import { nestsDeeperThan } from '../json/nests-deeper-than.ts';

/** Deepest nesting of an event's data; a webhook's body may nest as deep. */
const deepest = 64;

/**
 * The data of an event as the bytes to be stored and as what those bytes say: that goes on, so that automations see the same now and in a
 * replay. Members named `__proto__` are dropped, because whoever copies such an object by assignment gives the copy another prototype.
 * Throws `invalid_event` for what JSON cannot say.
 */
export function eventData(value: unknown, what: string): { readonly bytes: Uint8Array; readonly data: Json } {
  const text = jsonText(value);
  if (text === undefined) throw invalid(`${what} cannot be written as JSON`);
  if (nestsDeeperThan(text, deepest)) throw invalid(`${what} nests deeper than ${deepest} levels`);
  const plain = text.includes('__proto__') ? JSON.stringify(JSON.parse(text, withoutPrototype)) : text;
  return { bytes: new TextEncoder().encode(plain), data: JSON.parse(plain) as Json };
}

function withoutPrototype(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value;
}

function invalid(fault: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_event', message: `${fault}. Nothing was published. Correct the data.` });
}
