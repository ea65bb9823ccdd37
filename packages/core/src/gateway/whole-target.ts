import type { QueryValue } from '../connector/query-value.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { encodeQuery } from './encode-query.ts';

/** A URL that stands for itself, and the query of a call to it. */
export interface WholeTarget {
  /** Path and query of the URL. */
  readonly target: string;
  /** True for the URL that is the credential; one that the service gave is often signed with its query. */
  readonly takesMore: boolean;
  readonly query: Readonly<Record<string, QueryValue>> | undefined;
}

/**
 * The URL with the query of the call behind its own. Throws `invalid_argument` where it takes none, and where a name stands in the URL already: services
 * read a name that comes twice as the first, the last or both.
 */
export function wholeTarget({ target, takesMore, query }: WholeTarget): string {
  const more = encodeQuery(query);
  if (more === '') return target;
  if (!takesMore) throw unfit('A URL that the service gave is sent as it is, and takes no query. Leave query out of the call.');
  const mark = target.indexOf('?');
  const own = mark < 0 ? '' : target.slice(mark + 1);
  const names = namesOf(own);
  if (!namesOf(more).some((name) => names.includes(name))) return `${target}${mark < 0 ? '?' : own === '' ? '' : '&'}${more}`;
  throw unfit('The URL that is the credential has a parameter of that name already. Leave it out of the query of the call.');
}

/** In small letters: some services read names in any. */
const namesOf = (query: string): readonly string[] => [...new URLSearchParams(query).keys()].map((name) => name.toLowerCase());

function unfit(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message, sent: 'no' });
}
