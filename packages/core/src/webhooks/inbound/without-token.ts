import type { BodyTokenScheme } from '../../connector/signature/shared-token-scheme.ts';
import { isJsonObject } from '../../json/is-json-object.ts';
import type { Json } from '../../json/json.ts';

/** A body without the secret that each item of its list holds: no connector needs it, and no event may keep it. */
export function withoutToken(value: Json, { list, field }: BodyTokenScheme): Json {
  const items = isJsonObject(value) && Object.hasOwn(value, list) ? value[list] : undefined;
  if (!isJsonObject(value) || !Array.isArray(items)) return value;
  return { ...value, [list]: items.map((item: Json) => (isJsonObject(item) ? without(item, field) : item)) };
}

function without(item: Readonly<Record<string, Json>>, field: string): Json {
  return Object.fromEntries(Object.entries(item).filter(([name]) => name !== field));
}
