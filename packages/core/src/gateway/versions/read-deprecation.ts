import type { HttpAnswer } from '../../connector/connector-http.ts';
import { parseLinks } from '../paging/parse-links.ts';

/** What an answer says of the end of what was asked for. */
export interface Deprecation {
  /** Since when, or from when, it is deprecated, milliseconds since 1970; `null` where it does not say. */
  readonly deprecatedAt: number | null;
  /** When it stops working. */
  readonly sunsetAt: number | null;
  /** Where the service explains it. */
  readonly link: string | null;
}

/** Headers by which services warn in words of their own. */
const warnings = ['warning', 'x-api-warn', 'x-zendesk-api-warn'] as const;
const ending = /deprecat|sunset|retire|discontinu|end[- ]of[- ]life/i;

/** Longest link that is told, characters. */
const longestLink = 500;

/**
 * Reads `Deprecation` (RFC 9745, and `true` and dates as they were sent before it), `Sunset` (RFC 8594), their links, `Warning: 299` and the headers of
 * some services. `undefined` where nothing ends.
 */
export function readDeprecation(headers: HttpAnswer['headers']): Deprecation | undefined {
  const { deprecation, sunset, 'x-shopify-api-deprecated-reason': shopify } = headers;
  const isSilent = deprecation === undefined && sunset === undefined && shopify === undefined;
  if (isSilent && warnings.every((name) => headers[name] === undefined)) return undefined;
  const sunsetAt = dateOf(textOf(sunset));
  const told = textOf(deprecation).trim();
  const isDeprecated = told !== '' && !/^(false|\?0|0)$/i.test(told);
  if (!isDeprecated && sunsetAt === null && shopify === undefined && !warnings.some((name) => ending.test(textOf(headers[name]))))
    return undefined;
  return {
    deprecatedAt: isDeprecated ? momentOf(told) : null,
    sunsetAt,
    link: linkOf(textOf(headers['link'])) ?? addressOf(textOf(shopify)),
  };
}

function textOf(value: string | readonly string[] | undefined): string {
  return typeof value === 'object' ? value.join(', ') : (value ?? '');
}

/** `@1688169599`, a structured field's date, or an HTTP date. */
function momentOf(told: string): number | null {
  const [, seconds] = /^@(-?[0-9]{1,12})(?:;.*)?$/.exec(told) ?? [];
  return seconds === undefined ? dateOf(told) : timeOf(Number(seconds) * 1_000);
}

// Written with a comma, so that a number alone is no year.
const dateShape = /^[A-Za-z]{3,9}, .{1,40} (GMT|UTC)$/;
const isoShape = /^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]{5,15}(Z|[+-][0-9]{2}:?[0-9]{2}))?$/;

function dateOf(text: string): number | null {
  const given = text.trim();
  return dateShape.test(given) || isoShape.test(given) ? timeOf(Date.parse(given)) : null;
}

const timeOf = (milliseconds: number): number | null => (Number.isNaN(new Date(milliseconds).getTime()) ? null : milliseconds);

function linkOf(header: string): string | null {
  if (header === '') return null;
  const links = parseLinks(header);
  const [found] = ['deprecation', 'sunset', 'successor-version'].flatMap((relation) =>
    links.filter(({ relations }) => relations.includes(relation)),
  );
  return found ? addressOf(found.target) : null;
}

/** An address that a person can be shown: https, without a name or password in it. */
function addressOf(text: string): string | null {
  const url = text.length > longestLink ? null : URL.parse(text.trim());
  return url && url.protocol === 'https:' && url.username === '' && url.password === '' ? url.href : null;
}
