import { type ConnectorHttp, type IdempotencyKey, path, type Reconciliation } from '@patchbay/core';
import { z } from 'zod';
import { clockTolerance, markedIssueSchema, propertyName } from '../jira-schemas.ts';

type MarkedIssue = z.output<typeof markedIssueSchema>;

/** What is looked for: issues of a project that were created with our key. */
export interface Search {
  readonly project: string;
  readonly http: ConnectorHttp;
  readonly key: IdempotencyKey;
  /** When they were first sent, milliseconds since 1970. */
  readonly since: number;
}

/** What a search came to. */
export interface Found {
  readonly found: readonly MarkedIssue[];
  /** Why more of them may be there; absent where all of the project's newest issues were looked at. */
  readonly gap?: string;
}

const mostIssues = 1_000;

/** Numbers beyond the newest issue of the search that others may have taken. Jira counts the issues of a project. */
const numbersAhead = 19;

/** Most issues of one bulkfetch. */
const mostFetched = 100;

/** Looks for the one issue with our property. */
export async function findIssue(search: Search): Promise<Reconciliation<MarkedIssue>> {
  const {
    found: [first],
    gap,
  } = await findIssues({ ...search, wanted: 1 });
  if (first) return { answer: 'found', output: first };
  return gap === undefined ? { answer: 'absent' } : { answer: 'cannot_tell', reason: gap };
}

/**
 * Looks for so many issues with our property among the newest of the project. The search lags behind what was written, now and then by
 * minutes; so the issues that it does not know yet are guessed by their numbers and read directly, which does not lag.
 */
export async function findIssues(search: Search & { readonly wanted: number }): Promise<Found> {
  const { project, http, key, since, wanted } = search;
  const query = { jql: `project = "${project}" ORDER BY created DESC`, fields: 'created', properties: propertyName, maxResults: 100 };
  const issues = http.pages(path`/api/3/search/jql`, {
    query,
    response: z.object({ issues: z.array(markedIssueSchema), nextPageToken: z.string().nullish() }),
    items: (page) => page.issues,
    next: ({ nextPageToken }) => (nextPageToken ? { ...query, nextPageToken } : undefined),
  });
  const recent: number[] = [];
  const found: MarkedIssue[] = [];
  let newest = 0;
  for await (const issue of issues) {
    if (isOurs(issue, key)) found.push(issue);
    if (found.length === wanted) return { found };
    newest = Math.max(newest, numberOf(issue.key));
    if (Date.parse(issue.fields.created) < since - clockTolerance) break;
    recent.push(numberOf(issue.key));
    if (recent.length > mostIssues) return { found, gap: `More than ${mostIssues} issues have come since.` };
  }
  return await fetchUnlisted({ ...search, numbers: unlistedNumbers(recent, newest, newest + numbersAhead + wanted), found });
}

async function fetchUnlisted({
  project,
  http,
  key,
  numbers,
  found,
}: Search & { readonly numbers: readonly number[]; readonly found: readonly MarkedIssue[] }): Promise<Found> {
  if (numbers.length > mostFetched) return { found, gap: 'Too many issues of the project are not in the search yet.' };
  // A POST that only reads: the list of issues would be too long for a URL.
  const { issues } = await http.post(path`/api/3/issue/bulkfetch`, {
    json: { issueIdsOrKeys: numbers.map((number) => `${project}-${number}`), fields: ['created'], properties: [propertyName] },
    response: z.object({ issues: z.array(markedIssueSchema) }),
  });
  return { found: [...found, ...issues.filter((issue) => isOurs(issue, key))] };
}

const isOurs = (issue: MarkedIssue, key: IdempotencyKey): boolean => issue.properties?.[propertyName]?.key === key.value;

const numberOf = (issueKey: string): number => Number(/-(\d{1,15})$/.exec(issueKey)?.[1] ?? 0);

/** The numbers from the first recent issue to the last that is looked for, without those that the search has shown. */
function unlistedNumbers(recent: readonly number[], newest: number, last: number): readonly number[] {
  const first = recent.reduce((least, number) => Math.min(least, number), newest + 1);
  const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const listed = new Set(recent);
  return numbers.filter((number) => !listed.has(number));
}
