import type { QueryValue } from '../connector/query-value.ts';

/** Form encoding of a query or a body; an undefined value is left out, a list repeats its name. */
export function encodeQuery(values: Readonly<Record<string, QueryValue>> | undefined, extra?: readonly [string, string] | null): string {
  if (values === undefined && !extra) return '';
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(values ?? {})) {
    if (value === undefined) continue;
    if (typeof value === 'object') for (const item of value) parameters.append(name, String(item));
    else parameters.append(name, String(value));
  }
  if (extra) parameters.set(extra[0], extra[1]);
  return parameters.toString();
}
