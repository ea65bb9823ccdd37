import type { Json } from '@patchbay/core';
import { z } from 'zod';
import { userSchema } from '../jira-schemas.ts';
import { documentText } from './document-text.ts';
import { issuePage } from './issue-page.ts';

const named = z.object({ name: z.string() }).nullish().catch(null);
const person = userSchema.nullish().catch(null);

/** Fields that are asked for beside those that a caller names. */
export const shownFields: readonly string[] = [
  'summary',
  'status',
  'issuetype',
  'project',
  'priority',
  'assignee',
  'reporter',
  'labels',
  'parent',
  'created',
  'updated',
  'description',
];

/** An issue as Jira answers it. What a project does not have, or the account may not see, is not there. */
export const issueAnswer = z.object({
  id: z.string(),
  key: z.string(),
  self: z.string(),
  fields: z.looseObject({
    summary: z.string().nullish().catch(null),
    status: named,
    issuetype: named,
    project: z.object({ key: z.string() }).nullish().catch(null),
    priority: named,
    assignee: person,
    reporter: person,
    labels: z.array(z.string()).nullish().catch(null),
    parent: z.object({ key: z.string() }).nullish().catch(null),
    created: z.string().nullish().catch(null),
    updated: z.string().nullish().catch(null),
    description: z.unknown().optional(),
  }),
});

/** A person as actions give them, nobody as `null`. */
export const shownPerson = z.object({ id: z.string(), name: z.string().nullable() }).nullable();

/** An issue as actions give it. */
export const shownIssue = z.object({
  id: z.string(),
  key: z.string(),
  url: z.string().describe('The page of the issue.'),
  summary: z.string().nullable(),
  status: z.string().nullable(),
  issue_type: z.string().nullable(),
  project: z.string().nullable().describe('Key of the project.'),
  priority: z.string().nullable(),
  assignee: shownPerson,
  reporter: shownPerson,
  labels: z.array(z.string()),
  parent: z.string().nullable().describe('Key of the parent.'),
  created: z.string().nullable(),
  updated: z.string().nullable(),
  description: z.string().describe('As plain text.'),
  fields: z.record(z.string(), z.unknown()).describe('Further fields that were asked for, as Jira has them.'),
});

/** An answer in the form that actions give; `wanted` are the further fields. */
export function toShownIssue(
  { id, key, self, fields }: z.output<typeof issueAnswer>,
  { wanted, settings }: { readonly wanted: readonly string[]; readonly settings: Readonly<Record<string, Json>> },
): z.output<typeof shownIssue> {
  return {
    id,
    key,
    url: issuePage(key, self, settings),
    summary: fields.summary ?? null,
    status: fields.status?.name ?? null,
    issue_type: fields.issuetype?.name ?? null,
    project: fields.project?.key ?? null,
    priority: fields.priority?.name ?? null,
    assignee: toShownPerson(fields.assignee),
    reporter: toShownPerson(fields.reporter),
    labels: fields.labels ?? [],
    parent: fields.parent?.key ?? null,
    created: fields.created ?? null,
    updated: fields.updated ?? null,
    description: documentText(fields.description),
    fields: Object.fromEntries(wanted.filter((name) => Object.hasOwn(fields, name)).map((name) => [name, fields[name]])),
  };
}

/** A person of an answer in that form. */
export function toShownPerson(user: z.output<typeof person>): z.output<typeof shownPerson> {
  return user ? { id: user.accountId, name: user.displayName ?? null } : null;
}

/** Further fields of an issue that a caller can ask for. */
export const wantedFields = z
  .array(z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,99}$/))
  .max(50)
  .default([])
  .describe('Further fields by id, such as customfield_10011.');
