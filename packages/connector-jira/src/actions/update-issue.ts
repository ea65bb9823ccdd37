import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByIssue } from '../jira-resources.ts';
import { issueFields, issueIdOrKey, richText, summary } from '../jira-schemas.ts';
import { writeDocument } from './write-document.ts';

/**
 * Sets fields of an issue. A repeat sets the same values; it could only undo a change that someone made in between, so it is
 * repeated for an hour at most.
 */
export const updateIssue = defineAction({
  title: 'Update issue',
  description: 'Sets fields of an issue. What is not named stays as it is; null clears a description or an assignee.',
  idempotency: 'idempotent',
  scopes: [{ scope: 'write:jira-work', reason: 'To change issues.' }],
  resources: namedByIssue,
  options: { assignee: 'users', priority: 'priorities' },
  input: z
    .strictObject({
      issue: issueIdOrKey.describe('Key or id of the issue.'),
      summary: summary.optional(),
      description: richText.nullable().optional(),
      assignee: z.string().min(1).nullable().optional().describe('Account id.'),
      ...issueFields,
    })
    .refine((input) => Object.keys(input).length > 1, { error: 'Name at least one field to set.' }),
  output: z.object({ issue: z.string() }),
  async run({ input: { issue, description, assignee, priority, fields, ...rest }, http }) {
    const json = {
      fields: {
        ...fields,
        ...rest,
        ...(description === undefined ? {} : { description: description === null ? null : writeDocument(description) }),
        ...(assignee === undefined ? {} : { assignee: assignee === null ? null : { accountId: assignee } }),
        ...(priority === undefined ? {} : { priority: { name: priority } }),
      },
    };
    // Answered with 204 and no body.
    await http.put(path`/api/3/issue/${issue}`, { json, response: z.unknown() });
    return { issue };
  },
});
