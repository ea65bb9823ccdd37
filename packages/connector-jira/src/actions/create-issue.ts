import { defineAction, type Json, path } from '@patchbay/core';
import { z } from 'zod';
import { issuePage } from '../formats/issue-page.ts';
import { projectOfKey } from '../jira-resources.ts';
import { createdSchema, issueFields, issueIdOrKey, keyProperty, projectKey, richText, summary } from '../jira-schemas.ts';
import { findIssue } from './find-issues.ts';
import { writeIssue } from './write-issue.ts';

/** Creates an issue. Jira takes no idempotency key: the key goes with the issue as a property, and is looked for there. */
export const createIssue = defineAction({
  title: 'Create issue',
  description: 'Creates an issue in a project.',
  idempotency: 'reconcilable',
  // Long enough for a request that Jira still works on after our time-out, and for most of the search's lag.
  settlesWithin: 120_000,
  scopes: [
    { scope: 'write:jira-work', reason: 'To create issues.' },
    { scope: 'read:jira-work', reason: 'To find an issue whose answer was lost.' },
  ],
  resources: { project: [{ fields: ['project'] }, { fields: ['parent'], within: projectOfKey }] },
  options: { project: 'projects', issue_type: 'issue_types', assignee: 'users', priority: 'priorities' },
  input: z.strictObject({
    project: projectKey.describe('Key of the project, such as OPS.'),
    summary,
    issue_type: z.string().min(1).default('Task').describe('Name of the issue type in the project.'),
    description: richText.optional(),
    assignee: z.string().min(1).optional().describe('Account id.'),
    parent: issueIdOrKey.optional().describe('Key of the parent, for a subtask or a child of an epic.'),
    ...issueFields,
  }),
  output: z.object({ id: z.string(), key: z.string(), url: z.string().describe('The page of the issue.') }),
  async run({ input, http, key, settings }) {
    const json = { ...writeIssue(input), properties: [keyProperty(key)] };
    return toOutput(await http.post(path`/api/3/issue`, { json, response: createdSchema }), settings);
  },
  async reconcile({ input: { project }, http, key, since, settings }) {
    const finding = await findIssue({ project, http, key, since });
    return finding.answer === 'found' ? { answer: 'found', output: toOutput(finding.output, settings) } : finding;
  },
});

function toOutput({ id, key, self }: z.output<typeof createdSchema>, settings: Readonly<Record<string, Json>>) {
  return { id, key, url: issuePage(key, self, settings) };
}
