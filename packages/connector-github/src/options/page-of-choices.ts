import { type ConnectorHttp, PatchbayError, type RequestPath } from '@patchbay/core';
import type { InputOption, OptionCall, OptionPage } from '@patchbay/core/host';
import { z } from 'zod';
import { repositoryInput } from '../github-schemas.ts';

/** Choices on one page. */
const largestPage = 100;

const cursorShape = z.number().int().positive().nullable().catch(null);
const repositoryShape = z.object(repositoryInput);

/** One page of choices. */
export interface ChoiceListing<Answer, Item> {
  readonly http: ConnectorHttp;
  readonly at: RequestPath;
  /** What the page before gave. */
  readonly cursor: OptionCall['cursor'];
  readonly query?: Readonly<Record<string, string>>;
  readonly response: z.ZodType<Answer>;
  readonly items: (answer: Answer) => readonly Item[];
  readonly show: (item: Item) => readonly InputOption[];
}

/** Reads one page; a page that is full is followed by another one, which may be empty. */
export async function pageOfChoices<Answer, Item>(listing: ChoiceListing<Answer, Item>): Promise<OptionPage> {
  const { http, at, query = {}, response, items, show } = listing;
  const page = cursorShape.parse(listing.cursor) ?? 1;
  const found = items(await http.get(at, { query: { ...query, per_page: largestPage, page }, response }));
  const options = found.flatMap(show);
  return found.length < largestPage ? { options } : { options, cursor: page + 1 };
}

/** The repository whose choices are asked for. Throws `invalid_argument`. */
export function givenRepository({ given }: Pick<OptionCall, 'given'>): { readonly owner: string; readonly repo: string } {
  const read = repositoryShape.safeParse(given);
  if (read.success) return read.data;
  throw new PatchbayError({
    code: 'invalid_argument',
    message: 'These choices are those of a repository: give its owner and repo. Nothing was sent.',
    sent: 'no',
  });
}
