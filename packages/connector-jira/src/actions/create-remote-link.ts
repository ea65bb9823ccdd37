import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByIssue } from '../jira-resources.ts';
import { issueIdOrKey } from '../jira-schemas.ts';

/** Links a page elsewhere. Jira keeps one link of each global id with an issue: a repeat sets it again. */
export const createRemoteLink = defineAction({
  title: 'Create remote link',
  description: 'Links a page outside of Jira to an issue. A link with the same global id is brought up to date.',
  idempotency: 'idempotent',
  scopes: [{ scope: 'write:jira-work', reason: 'To link pages to issues.' }],
  resources: namedByIssue,
  input: z
    .strictObject({
      issue: issueIdOrKey.describe('Key or id of the issue.'),
      url: z.url({ protocol: /^https?$/ }),
      title: z.string().min(1).max(255),
      summary: z.string().max(1_000).optional(),
      relationship: z.string().min(1).max(255).optional().describe('How the page relates to the issue, such as "documented in".'),
      global_id: z.string().min(1).max(255).optional().describe('What the link is known by; the url unless set.'),
      resolved: z.boolean().optional().describe('Shown struck through where it is true.'),
    })
    .refine(({ url, global_id }) => global_id !== undefined || url.length <= 255, {
      error: 'The url is too long to be the global_id; give one.',
    }),
  output: z.object({ id: z.string(), global_id: z.string() }),
  async run({ input: { issue, url, title, summary, relationship, global_id: globalId = url, resolved }, http }) {
    const json = {
      globalId,
      ...(relationship === undefined ? {} : { relationship }),
      object: {
        url,
        title,
        ...(summary === undefined ? {} : { summary }),
        ...(resolved === undefined ? {} : { status: { resolved } }),
      },
    };
    const { id } = await http.post(path`/api/3/issue/${issue}/remotelink`, { json, response: z.object({ id: z.number() }) });
    return { id: String(id), global_id: globalId };
  },
});
