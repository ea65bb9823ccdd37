import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { projectOfKey } from '../jira-resources.ts';
import { issueIdOrKey } from '../jira-schemas.ts';

/**
 * Links two issues. Jira keeps one link of a type between two issues, and answers a repeat as the first:
 * https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-links/#api-rest-api-3-issuelink-post
 */
export const linkIssues = defineAction({
  title: 'Link issues',
  description: 'Links two issues, such as: OPS-1 blocks OPS-2. A link that is there already stays as it is.',
  idempotency: 'idempotent',
  scopes: [{ scope: 'write:jira-work', reason: 'To link issues.' }],
  resources: {
    project: [
      { fields: ['from'], within: projectOfKey },
      { fields: ['to'], within: projectOfKey },
    ],
  },
  options: { type: 'link_types' },
  input: z.strictObject({
    type: z.string().min(1).max(255).describe('Name of the type of link, such as Blocks.'),
    from: issueIdOrKey.describe('Key or id of the issue that does it: that blocks, clones or causes the other.'),
    to: issueIdOrKey.describe('Key or id of the issue that it is done to.'),
  }),
  output: z.object({ type: z.string(), from: z.string(), to: z.string() }),
  async run({ input: { type, from, to }, http }) {
    // By Jira's naming the outward issue is the one that the outward words ("blocks") lead to.
    const json = { type: { name: type }, inwardIssue: named(from), outwardIssue: named(to) };
    await http.post(path`/api/3/issueLink`, { json, response: z.unknown() });
    return { type, from, to };
  },
});

const named = (issue: string): { id: string } | { key: string } => (/^\d+$/.test(issue) ? { id: issue } : { key: issue });
