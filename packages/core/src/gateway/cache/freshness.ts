import type { HttpAnswer } from '../../connector/connector-http.ts';

/** What an answer says of being kept. */
export interface Freshness {
  /** False where it may not be kept, or depends on something that cannot be seen (`Vary: *`). */
  readonly mayBeKept: boolean;
  /** Milliseconds for which it is fresh; 0: the service is asked each time. */
  readonly freshForMs: number;
}

/** Longest time that an answer is used without asking, milliseconds: a service that says more is asked once a day. */
const longestMs = 86_400_000;

/**
 * Reads `Cache-Control`, `Age` and `Vary` (RFC 9111). The cache is one of a single account, so `private` may be kept and `s-maxage` says nothing; what
 * an answer varies by is part of its name anyway.
 */
export function freshnessOf(headers: HttpAnswer['headers']): Freshness {
  const directives = new Map(textOf(headers['cache-control']).split(',').map(directive));
  const varies = textOf(headers['vary'])
    .split(',')
    .some((name) => name.trim() === '*');
  const seconds = secondsOf(directives.get('max-age')) - secondsOf(textOf(headers['age']));
  const asksEachTime = directives.has('no-cache') || seconds <= 0;
  return {
    mayBeKept: !varies && !directives.has('no-store'),
    freshForMs: asksEachTime ? 0 : Math.min(seconds * 1_000, longestMs),
  };
}

function directive(text: string): [string, string] {
  const [name = '', value = ''] = text.split('=', 2);
  return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')];
}

/** 0 for what is no whole number of seconds. */
const secondsOf = (text: string | undefined): number => (text !== undefined && /^[0-9]{1,10}$/.test(text.trim()) ? Number(text) : 0);

function textOf(value: string | readonly string[] | undefined): string {
  return typeof value === 'object' ? value.join(',') : (value ?? '');
}
