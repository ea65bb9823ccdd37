import { type ConnectorHttp, type Json, path } from '@patchbay/core';
import type { ContentDocument, ContentSource } from '@patchbay/core/host';
import { z } from 'zod';
import { byOffset } from '../actions/page-size.ts';
import { readUpdated, type UpdatedIssue } from '../actions/read-updated.ts';
import { documentText } from '../formats/document-text.ts';
import { shownFields, toShownIssue } from '../formats/shown-issue.ts';
import { projectKey, userSchema } from '../jira-schemas.ts';

const minute = 60_000;
const day = 1_440 * minute;

/** Issues of one read. Those with many comments take a request more each. */
const pageSize = 50;

/** Comments of an issue that are read. */
const mostComments = 500;

const comment = z.object({ author: userSchema.nullish().catch(null), body: z.unknown().optional() });
const comments = z.object({ comments: z.array(comment), total: z.number().nullish() });

/** Issues with their descriptions and comments. What was deleted is told by a trigger, and found out by reading everything again once a week. */
export const issues: ContentSource = {
  title: 'Issues',
  description: 'Issues with their descriptions and comments.',
  scopes: [
    { scope: 'read:jira-work', reason: 'To read issues and comments.' },
    { scope: 'read:jira-user', reason: "To read in the account's time zone." },
  ],
  resource: 'project',
  intervalMs: 5 * minute,
  rereadMs: 7 * day,
  deletedBy: { 'issue.deleted': deletedIssue },
  async read({ http, settings, cursor, containers }) {
    const filter = projectFilter(containers);
    const fields = [...shownFields, 'comment'];
    const read = await readUpdated({ http, cursor, filter, fields, size: pageSize, begins: 'everything' });
    const documents: ContentDocument[] = [];
    for (const updated of read.issues) documents.push(await toDocument(http, updated, settings));
    return { documents, cursor: read.cursor, more: read.more };
  },
};

/** Throws where what is named is no key: keys hold only letters, digits and underscores, so they can stand in JQL. */
function projectFilter(containers: readonly string[]): string | undefined {
  if (containers.length === 0) return undefined;
  return `project in (${containers.map((container) => `"${projectKey.parse(container)}"`).join(', ')})`;
}

async function toDocument(
  http: ConnectorHttp,
  { issue, updatedAt }: UpdatedIssue,
  settings: Readonly<Record<string, Json>>,
): Promise<ContentDocument> {
  const shown = toShownIssue(issue, { wanted: [], settings });
  const said = await commentsOf(http, issue);
  const texts = said.map(({ author, body }) => `${author?.displayName ?? 'Somebody'}: ${documentText(body)}`);
  return {
    id: issue.id,
    kind: 'issue',
    title: `${issue.key} ${shown.summary ?? ''}`.trim(),
    text: [shown.summary ?? '', shown.description, ...texts].filter((text) => text !== '').join('\n\n'),
    url: shown.url,
    updatedAt,
    container: shown.project,
    ...(typeof shown.reporter?.name === 'string' ? { author: shown.reporter.name } : {}),
    attributes: {
      key: issue.key,
      status: shown.status,
      type: shown.issue_type,
      priority: shown.priority,
      assignee: shown.assignee?.name ?? null,
    },
  };
}

/** A search gives the first comments of an issue with it; where there are more, the whole of them is read. */
async function commentsOf(http: ConnectorHttp, { id, fields }: UpdatedIssue['issue']): Promise<readonly z.output<typeof comment>[]> {
  const given = comments.safeParse(fields['comment']).data;
  if (given === undefined || given.comments.length >= (given.total ?? 0)) return given?.comments ?? [];
  const listing = http.pages(path`/api/3/issue/${id}/comment`, {
    query: { maxResults: 100 },
    response: comments,
    items: (page) => page.comments,
    paging: byOffset,
  });
  return (await listing.first(mostComments)).items;
}

function deletedIssue(data: Json): readonly string[] {
  const deleted = z.object({ issue: z.object({ id: z.string() }) }).safeParse(data).data;
  return deleted === undefined ? [] : [deleted.issue.id];
}
