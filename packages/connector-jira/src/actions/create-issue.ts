import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { projectOfKey } from '../jira-resources.ts';
import { createdSchema, issueFields, issueIdOrKey, keyProperty, projectKey, richText, summary } from '../jira-schemas.ts';
import { findIssue } from './find-issue.ts';
import { writeDocument } from './write-document.ts';

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
  async run({ input, http, key }) {
    const { project, issue_type: issueType, description, assignee, priority, parent, fields, ...rest } = input;
    const json = {
      fields: {
        ...fields,
        ...rest,
        project: { key: project },
        issuetype: { name: issueType },
        ...(description === undefined ? {} : { description: writeDocument(description) }),
        ...(assignee === undefined ? {} : { assignee: { accountId: assignee } }),
        ...(priority === undefined ? {} : { priority: { name: priority } }),
        ...(parent === undefined ? {} : { parent: /^\d+$/.test(parent) ? { id: parent } : { key: parent } }),
      },
      properties: [keyProperty(key)],
    };
    return toOutput(await http.post(path`/issue`, { json, response: createdSchema }));
  },
  async reconcile({ input: { project }, http, key, since }) {
    const finding = await findIssue({ project, http, key, since });
    return finding.answer === 'found' ? { answer: 'found', output: toOutput(finding.output) } : finding;
  },
});

function toOutput({ id, key, self }: z.output<typeof createdSchema>): { id: string; key: string; url: string } {
  return { id, key, url: URL.parse(`/browse/${key}`, self)?.href ?? self };
}
