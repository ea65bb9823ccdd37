import type { ProviderAnswer } from '../../connector/provider-answer.ts';

/** Headers of an answer by lower-case name. */
export type Headers = ProviderAnswer['headers'];

/** Longest header that is read, characters; what is longer is no figure. */
const longest = 4_096;

/** A header's text, the first where it came more than once; `undefined` where it is missing, empty or of absurd length. */
export function textOf(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  const text = (typeof value === 'string' ? value : value?.[0])?.trim();
  return text === undefined || text === '' || text.length > longest ? undefined : text;
}

/** All values of a list header as one text. */
export function listTextOf(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  const text = typeof value === 'string' ? value : value?.join(', ');
  return text === undefined || text.length > longest ? undefined : text;
}

/** A figure of requests or units: digits, and a fraction that is cut off. Negative ones, `NaN` and other words are none. */
export function figureOf(text: string | undefined): number | undefined {
  // Some services write 5000.0, and some group digits in no way that could be told from a list.
  return text !== undefined && /^\d{1,15}(\.\d{1,6})?$/.test(text) ? Math.floor(Number(text)) : undefined;
}

/** The time of the answer by the service's own clock, milliseconds since 1970; `undefined` where it says none. */
export function dateOf(headers: Headers): number | undefined {
  const at = Date.parse(textOf(headers, 'date') ?? '');
  return Number.isNaN(at) ? undefined : at;
}
