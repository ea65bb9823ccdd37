import type { DispatchKey, Wake } from '@patchbay/core/adapter';

/** Most bytes of a notification that this storage sends; the server takes 7,999. */
const mostBytes = 7_500;

const union = <Item>(one: readonly Item[] | undefined, other: readonly Item[] | undefined): readonly Item[] | undefined =>
  one === undefined || other === undefined ? undefined : [...new Set([...one, ...other])];

const without = ({ handlers, keys, inMs }: { [Name in keyof Wake]: Wake[Name] | undefined }): Wake => ({
  ...(handlers === undefined ? {} : { handlers }),
  ...(keys === undefined ? {} : { keys }),
  ...(inMs === undefined ? {} : { inMs }),
});

/** One hint that says no more than either: what one of them leaves open stays open. */
export const joinHints = (one: Wake, other: Wake): Wake =>
  without({
    handlers: union(one.handlers, other.handlers),
    keys: union(one.keys, other.keys),
    inMs: one.inMs === undefined || other.inMs === undefined ? undefined : Math.min(one.inMs, other.inMs),
  });

/** A hint as the text of a notification; what does not fit is left out. `origin` names the process that sends it. */
export function hintText(origin: string, hint: Wake): string {
  for (const less of [hint, without({ ...hint, keys: undefined }), {}]) {
    const text = JSON.stringify([origin, less]);
    if (Buffer.byteLength(text) <= mostBytes) return text;
  }
  return JSON.stringify([origin, {}]);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

const isKey = (value: unknown): value is DispatchKey =>
  isRecord(value) &&
  typeof value['replay'] === 'number' &&
  ['tenant', 'root', 'target', 'path'].every((name) => typeof value[name] === 'string');

const listOf = <Item>(value: unknown, isItem: (item: unknown) => item is Item): readonly Item[] | undefined =>
  Array.isArray(value) && value.every(isItem) ? value : undefined;

const isText = (value: unknown): value is string => typeof value === 'string';

/** Reads a notification. What is not understood, be it of a newer version, narrows nothing. */
export function parseHint(text: string): { readonly origin: string | null; readonly hint: Wake } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = null;
  }
  const [origin, hint] = Array.isArray(parsed) ? parsed : [null, null];
  const { handlers, keys, inMs } = isRecord(hint) ? hint : {};
  return {
    origin: isText(origin) ? origin : null,
    hint: without({ handlers: listOf(handlers, isText), keys: listOf(keys, isKey), inMs: typeof inMs === 'number' ? inMs : undefined }),
  };
}
