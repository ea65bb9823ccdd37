import { type ConnectorHttp, type Json, path } from '@patchbay/core';
import { z } from 'zod';
import { jqlTime } from '../formats/jql-time.ts';
import { issueAnswer } from '../formats/shown-issue.ts';

/** How far a read goes back behind what it knows, milliseconds: the search shows an issue some minutes late, and JQL knows minutes only. */
const overlapMs = 600_000;

/** Most issues of the overlap that are remembered. A cursor has 16 KiB. */
const mostSeen = 400;

const known = z.object({
  since: z.number(),
  seen: z.array(z.string()),
  /** A listing that goes on, by Jira's own token. */
  listing: z.object({ jql: z.string(), token: z.string() }).optional(),
});

/** An issue with the time of its last change, milliseconds since 1970. */
export interface UpdatedIssue {
  readonly issue: z.output<typeof issueAnswer>;
  readonly updatedAt: number;
}

/** What a read gave. */
export interface UpdatedIssues {
  /** Those that were not seen before, the one first that was changed first. */
  readonly issues: readonly UpdatedIssue[];
  readonly cursor: Json;
  readonly more: boolean;
}

/** What is read. */
export interface UpdatedCall {
  readonly http: ConnectorHttp;
  readonly cursor: Json;
  /** JQL that narrows it, without ORDER BY. @default everything that the account sees */
  readonly filter?: string | undefined;
  readonly fields: readonly string[];
  /** Issues of one read. */
  readonly size: number;
  /** Where there is no cursor yet: with the newest issue, or with the first. */
  readonly begins: 'now' | 'everything';
}

/** One page of the issues that were changed since the cursor. The same change is given once, though reads overlap. */
export async function readUpdated(call: UpdatedCall): Promise<UpdatedIssues> {
  const { http, cursor, fields, size } = call;
  const { since, seen, listing } = known.safeParse(cursor).data ?? { since: call.begins === 'now' ? await newest(call) : 0, seen: [] };
  const jql = listing?.jql ?? (await changedSince(call, since));
  const page = await http.get(path`/api/3/search/jql`, {
    query: { jql, fields, maxResults: size, ...(listing === undefined ? {} : { nextPageToken: listing.token }) },
    response: pageSchema,
  });
  const issues = page.issues.map((issue) => ({ issue, updatedAt: timeOf(issue) }));
  const before = new Set(seen);
  const fresh = issues.filter((each) => !before.has(markOf(each)));
  const last = Math.max(since, ...issues.map(({ updatedAt }) => updatedAt));
  const recent = [...seen, ...fresh.map(markOf)].filter((mark) => Number(mark.split('/')[1]) >= last - 2 * overlapMs);
  const next = page.nextPageToken;
  const goesOn = typeof next === 'string' && next !== '' && next !== listing?.token;
  return {
    issues: fresh,
    cursor: { since: last, seen: recent.slice(-mostSeen), ...(goesOn ? { listing: { jql, token: next } } : {}) },
    more: goesOn,
  };
}

const pageSchema = z.object({ issues: z.array(issueAnswer), nextPageToken: z.string().nullish() });

async function changedSince({ http, filter }: UpdatedCall, since: number): Promise<string> {
  const { timeZone } = await http.get(path`/api/3/myself`, { response: z.object({ timeZone: z.string().nullish() }) });
  const from = `updated >= "${jqlTime(Math.max(0, since - overlapMs), timeZone ?? 'UTC')}"`;
  return `${filter === undefined ? '' : `(${filter}) AND `}${from} ORDER BY updated ASC`;
}

/** When the last of the issues was changed; 0 where there is none. */
async function newest({ http, filter }: UpdatedCall): Promise<number> {
  const jql = `${filter === undefined ? 'updated >= "1970-01-02 00:00"' : `(${filter})`} ORDER BY updated DESC`;
  const { issues } = await http.get(path`/api/3/search/jql`, { query: { jql, fields: 'updated', maxResults: 1 }, response: pageSchema });
  return issues.reduce((latest, issue) => Math.max(latest, timeOf(issue)), 0);
}

const markOf = ({ issue, updatedAt }: UpdatedIssue): string => `${issue.id}/${updatedAt}`;

/** Jira writes the offset without a colon, which not every parser of dates takes. */
function timeOf({ fields }: z.output<typeof issueAnswer>): number {
  const time = Date.parse((fields.updated ?? fields.created ?? '').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(time) ? 0 : time;
}
