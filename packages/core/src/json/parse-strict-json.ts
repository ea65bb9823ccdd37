import { countMembers } from './count-members.ts';
import { isWellFormedJson } from './is-well-formed-json.ts';
import type { Json } from './json.ts';
import { nestsDeeperThan } from './nests-deeper-than.ts';
import { parseJsonKeys } from './parse-json-keys.ts';
import { surveyJson } from './survey-json.ts';

/** What a text may hold. */
export interface JsonBounds {
  /** Levels of nesting. */
  readonly depth: number;
  /** Members of all objects together. */
  readonly members: number;
}

/** A text as it is read, or why it is not. */
export type StrictJson =
  /** `exact`: the text says this value, and `JSON.parse` would too. */
  { readonly value: Json; readonly exact: boolean } | { readonly fault: string };

// The key, or one of its letters as the number by which JSON can write it.
const prototypeKey = /__proto__|\\u00(?:5f|6f|7[024])/i;

const surrogate = /\\u[dD][89a-fA-F]/;

const whole = /^-?\d+$/;

/**
 * Reads JSON that can be read in one way only. It has no object with a key twice (however its letters are written), no half of a
 * surrogate pair, and stays within the bounds. The value has no key `__proto__`: whoever copies such an object by assignment gives the copy another prototype.
 * A whole number beyond 2^53 - 1, and one beyond all doubles, is the text of its digits, because a double would be another number.
 */
export function parseStrictJson(text: string, bounds: JsonBounds): StrictJson {
  if (nestsDeeperThan(text, bounds.depth)) return { fault: `nests deeper than ${bounds.depth} levels` };
  const written = countMembers(text);
  const value = parsed(text);
  if (value === undefined) return { fault: 'is not JSON' };
  if (written > bounds.members) return { fault: `has more than ${bounds.members} keys` };
  const { members, hasUnsafeNumber } = surveyJson(value);
  // Of two members with one key the later is kept, so only a text without such has as many as it is written with.
  if (members !== written) return { fault: 'has an object with a key twice' };
  if (surrogate.test(text) && !isWellFormedJson(value)) return { fault: 'has half of a surrogate pair' };
  const exact = !hasUnsafeNumber && !prototypeKey.test(text);
  return { value: exact ? value : parseJsonKeys(text, keeping), exact };
}

function parsed(text: string): Json | undefined {
  try {
    return parseJsonKeys(text);
  } catch {
    return undefined;
  }
}

/** What is kept of a member. `context.source` is the text of a number as it is written. */
function keeping(key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (key === '__proto__') return undefined;
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? String(value);
  return whole.test(source) || !Number.isFinite(value) ? source : value;
}
