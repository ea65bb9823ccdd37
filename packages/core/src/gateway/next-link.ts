import type { HttpAnswer } from '../connector/connector-http.ts';
import type { QueryValue } from '../connector/query-value.ts';
import { parseLinks } from './paging/parse-links.ts';

/** The next page as a `Link` header names it. */
export interface NextLink {
  readonly query: Readonly<Record<string, string>>;
  /** The same; a name that came more than once has a list. */
  readonly fields: Readonly<Record<string, QueryValue>>;
  /** `null` where the link is relative. */
  readonly origin: string | null;
}

/**
 * The link `rel="next"` of an answer (RFC 8288). Of its address the query alone is ever used: GitHub names the same listing by another path there,
 * and an answer must not say where the credential goes.
 */
export function nextLink({ headers: { link } }: Pick<HttpAnswer, 'headers'>): NextLink | undefined {
  if (typeof link !== 'string') return undefined;
  const next = parseLinks(link).find(({ relations, isAnchored }) => relations.includes('next') && !isAnchored);
  const url = next && URL.parse(next.target, relative);
  if (!url) return undefined;
  const { searchParams: given } = url;
  const fields = [...new Set(given.keys())].map((name): [string, QueryValue] => [name, oneOrMore(given.getAll(name))]);
  return { query: Object.fromEntries(given), fields: Object.fromEntries(fields), origin: url.origin === relative ? null : url.origin };
}

const oneOrMore = (values: readonly string[]): QueryValue => (values.length > 1 ? values : values[0]);

const relative = 'https://relative.invalid';
