import type { JsonObject } from './json.ts';

/** True for a plain object (not null, not a list). Says nothing about the values inside. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
