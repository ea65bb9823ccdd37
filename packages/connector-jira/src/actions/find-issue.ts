import { type ConnectorHttp, type IdempotencyKey, path, type Reconciliation } from '@patchbay/core';
import { z } from 'zod';
import { clockTolerance, markedIssueSchema, propertyName } from '../jira-schemas.ts';

type MarkedIssue = z.output<typeof markedIssueSchema>;

/** What is looked for: an issue of a project that was created with our key. */
export interface Search {
  readonly project: string;
  readonly http: ConnectorHttp;
  readonly key: IdempotencyKey;
  /** When it was first sent, milliseconds since 1970. */
  readonly since: number;
}

const mostIssues = 1_000;

/** Numbers beyond the newest issue of the search that are asked for one by one. Jira counts the issues of a project. */
const numbersAhead = 20;

/** Most issues of one bulkfetch. */
const mostFetched = 100;

/**
 * Looks for the issue with our property among the newest of the project. The search lags behind what was written, now and then by
 * minutes; so the issues that it does not know yet are guessed by their numbers and read directly, which does not lag.
 */
export async function findIssue(search: Search): Promise<Reconciliation<MarkedIssue>> {
  const { project, http, key, since } = search;
  const query = { jql: `project = "${project}" ORDER BY created DESC`, fields: 'created', properties: propertyName, maxResults: 100 };
  const issues = http.pages(path`/search/jql`, {
    query,
    response: z.object({ issues: z.array(markedIssueSchema), nextPageToken: z.string().nullish() }),
    items: (page) => page.issues,
    next: ({ nextPageToken }) => (nextPageToken ? { ...query, nextPageToken } : undefined),
  });
  const recent: number[] = [];
  let newest = 0;
  for await (const issue of issues) {
    if (isOurs(issue, key)) return { answer: 'found', output: issue };
    newest = Math.max(newest, numberOf(issue.key));
    if (Date.parse(issue.fields.created) < since - clockTolerance) break;
    recent.push(numberOf(issue.key));
    if (recent.length > mostIssues) return { answer: 'cannot_tell', reason: `More than ${mostIssues} issues have come since.` };
  }
  return await fetchUnlisted({ ...search, numbers: unlistedNumbers(recent, newest) });
}

async function fetchUnlisted({
  project,
  http,
  key,
  numbers,
}: Search & { readonly numbers: readonly number[] }): Promise<Reconciliation<MarkedIssue>> {
  if (numbers.length > mostFetched) return { answer: 'cannot_tell', reason: 'Too many issues of the project are not in the search yet.' };
  // A POST that only reads: the list of issues would be too long for a URL.
  const { issues } = await http.post(path`/issue/bulkfetch`, {
    json: { issueIdsOrKeys: numbers.map((number) => `${project}-${number}`), fields: ['created'], properties: [propertyName] },
    response: z.object({ issues: z.array(markedIssueSchema) }),
  });
  const found = issues.find((issue) => isOurs(issue, key));
  return found ? { answer: 'found', output: found } : { answer: 'absent' };
}

const isOurs = (issue: MarkedIssue, key: IdempotencyKey): boolean => issue.properties?.[propertyName]?.key === key.value;

const numberOf = (issueKey: string): number => Number(/-(\d{1,15})$/.exec(issueKey)?.[1] ?? 0);

/** The numbers from the first recent issue to some beyond the newest, without those that the search has shown. */
function unlistedNumbers(recent: readonly number[], newest: number): readonly number[] {
  const first = recent.reduce((least, number) => Math.min(least, number), newest + 1);
  const numbers = Array.from({ length: newest + numbersAhead - first + 1 }, (_, index) => first + index);
  const listed = new Set(recent);
  return numbers.filter((number) => !listed.has(number));
}
