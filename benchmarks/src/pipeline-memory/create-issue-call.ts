import type { IncomingMessage } from 'node:http';
import { z } from 'zod';

const call = z.object({
  fields: z.looseObject({
    project: z.looseObject({ key: z.literal('OPS') }),
    issuetype: z.looseObject({ name: z.literal('Task') }),
    summary: z.string(),
  }),
});

/** Checks one create-issue call as the stand-in received it and answers the GitHub issue number of its summary; throws when it is not as agreed. */
export function createIssueCall(request: IncomingMessage, body: string): number {
  if (request.method !== 'POST' || request.url !== '/rest/api/3/issue') throw new Error('the call is not POST /rest/api/3/issue');
  if (!request.headers.authorization?.startsWith('Basic ')) throw new Error('the call carries no basic credential');
  const { summary } = call.parse(JSON.parse(body)).fields;
  const issueNumber = /^#(\d{7}) Spelling error in the README file$/.exec(summary)?.[1];
  if (issueNumber === undefined) throw new Error(`the summary is ${JSON.stringify(summary)}`);
  return Number(issueNumber);
}
