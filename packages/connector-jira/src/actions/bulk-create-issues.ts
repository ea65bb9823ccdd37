import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { issuePage } from '../formats/issue-page.ts';
import { projectOfKey } from '../jira-resources.ts';
import {
  accountId,
  createdSchema,
  issueFields,
  issueIdOrKey,
  keyProperty,
  projectKey,
  propertyName,
  richText,
  summary,
} from '../jira-schemas.ts';
import { findIssues } from './find-issues.ts';
import { writeIssue } from './write-issue.ts';

const one = z.strictObject({
  summary,
  issue_type: z.string().min(1).default('Task').describe('Name of the issue type in the project.'),
  description: richText.optional(),
  assignee: accountId.optional(),
  ...issueFields,
});

const answer = z.object({
  issues: z.array(createdSchema),
  errors: z
    .array(
      z.object({
        failedElementNumber: z.number(),
        elementErrors: z.object({ errorMessages: z.array(z.string()).catch([]), errors: z.record(z.string(), z.string()).catch({}) }),
      }),
    )
    .catch([]),
});

/**
 * Creates several issues of a project in one request. Jira does what it can of them: those that it refuses are told by their place in the list. Each carries
 * our key and its place as a property.
 */
export const bulkCreateIssues = defineAction({
  title: 'Create issues in bulk',
  description: 'Creates up to 50 issues in a project with one request. What is refused is told by its place in the list.',
  idempotency: 'reconcilable',
  settlesWithin: 180_000,
  scopes: [
    { scope: 'write:jira-work', reason: 'To create issues.' },
    { scope: 'read:jira-work', reason: 'To find issues whose answer was lost.' },
  ],
  resources: { project: [{ fields: ['project'] }, { fields: ['parent'], within: projectOfKey }] },
  options: { project: 'projects' },
  input: z.strictObject({
    project: projectKey.describe('Key of the project, such as OPS.'),
    parent: issueIdOrKey.optional().describe('Parent of all of them, for subtasks or children of an epic.'),
    issues: z.array(one).min(1).max(50),
  }),
  output: z.object({
    issues: z.array(z.object({ index: z.number(), id: z.string(), key: z.string(), url: z.string() })),
    refused: z.array(z.object({ index: z.number(), message: z.string() })),
  }),
  async run({ input: { project, parent, issues }, http, key, settings }) {
    const issueUpdates = issues.map((each, index) => ({ ...writeIssue({ ...each, project, parent }), properties: [marked(key, index)] }));
    const json = { issueUpdates };
    const { issues: made, errors } = await http.post(path`/api/3/issue/bulk`, { json, response: answer });
    const refused = errors.map(({ failedElementNumber: index, elementErrors: { errorMessages, errors: fields } }) => ({
      index,
      message: [...errorMessages, ...Object.entries(fields).map(([field, said]) => `${field}: ${said}`)].join('; ').slice(0, 300),
    }));
    const failed = new Set(refused.map(({ index }) => index));
    const places = issues.map((_, index) => index).filter((index) => !failed.has(index));
    return {
      issues: made.map(({ id, key: name, self }, at) => ({ index: places[at] ?? at, id, key: name, url: issuePage(name, self, settings) })),
      refused,
    };
  },
  async reconcile({ input: { project, issues }, http, key, since, settings }) {
    const { found, gap } = await findIssues({ project, http, key, since, wanted: issues.length });
    if (found.length === 0) return gap === undefined ? { answer: 'absent' } : { answer: 'cannot_tell', reason: gap };
    if (found.length < issues.length)
      return { answer: 'cannot_tell', reason: `${found.length} of ${issues.length} issues are there; Jira may have refused the others.` };
    const places = found.map(({ id, key: name, self, properties }) => {
      const index = properties?.[propertyName]?.index;
      return { index: typeof index === 'number' ? index : -1, id, key: name, url: issuePage(name, self, settings) };
    });
    return { answer: 'found', output: { issues: places.toSorted((a, b) => a.index - b.index), refused: [] } };
  },
});

function marked(key: Parameters<typeof keyProperty>[0], index: number) {
  const { key: name, value } = keyProperty(key);
  return { key: name, value: { ...value, index } };
}
