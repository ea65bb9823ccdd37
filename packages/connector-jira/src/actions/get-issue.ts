import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { issueAnswer, shownFields, shownIssue, toShownIssue, wantedFields } from '../formats/shown-issue.ts';
import { namedByIssue } from '../jira-resources.ts';
import { issueIdOrKey } from '../jira-schemas.ts';

/** Reads an issue. One that was moved is found under its old key, and told with its new one. */
export const getIssue = defineAction({
  title: 'Get issue',
  description: 'Reads an issue with its description as text, and further fields by their ids.',
  idempotency: 'read',
  scopes: [{ scope: 'read:jira-work', reason: 'To read issues.' }],
  resources: namedByIssue,
  options: { fields: 'fields' },
  input: z.strictObject({ issue: issueIdOrKey.describe('Key or id of the issue.'), fields: wantedFields }),
  output: shownIssue,
  async run({ input: { issue, fields }, http, settings }) {
    const query = { fields: [...shownFields, ...fields] };
    const answer = await http.get(path`/api/3/issue/${issue}`, { query, response: issueAnswer });
    return toShownIssue(answer, { wanted: fields, settings });
  },
});
