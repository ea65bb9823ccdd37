import { canonicalJson } from '../json/canonical-json.ts';
import type { JsonObject } from '../json/json.ts';

/** Names of the members whose value differs, sorted; those of the one that is there where the other is not. Order inside objects does not count. */
export function changedMembers(before: JsonObject | null, after: JsonObject | null): readonly string[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...names].filter((name) => textOf(before, name) !== textOf(after, name)).sort();
}

function textOf(data: JsonObject | null, name: string): string | undefined {
  return data !== null && Object.hasOwn(data, name) ? canonicalJson(data[name]) : undefined;
}
