import type { z } from 'zod';
import type { richText } from '../jira-schemas.ts';
import { writeDocument } from './write-document.ts';

/** What an issue is to have, as actions take it. */
export interface IssueInput {
  readonly project: string;
  readonly summary: string;
  readonly issue_type: string;
  readonly description?: z.output<typeof richText> | undefined;
  readonly assignee?: string | undefined;
  readonly parent?: string | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly priority?: string | undefined;
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
}

/** The same as Jira takes it. */
export function writeIssue(input: IssueInput): { readonly fields: Readonly<Record<string, unknown>> } {
  const { project, issue_type: issueType, description, assignee, priority, parent, fields, summary, labels } = input;
  return {
    fields: {
      ...fields,
      summary,
      ...(labels === undefined ? {} : { labels }),
      project: { key: project },
      issuetype: { name: issueType },
      ...(description === undefined ? {} : { description: writeDocument(description) }),
      ...(assignee === undefined ? {} : { assignee: { accountId: assignee } }),
      ...(priority === undefined ? {} : { priority: { name: priority } }),
      ...(parent === undefined ? {} : { parent: /^\d+$/.test(parent) ? { id: parent } : { key: parent } }),
    },
  };
}
