import type { ConnectorSubject, FakeJira } from '@patchbay/testing';

type Case = NonNullable<ConnectorSubject<FakeJira>['options']>[number];

const confinedTo = { project: ['OPS'] };
const issue = (provider: FakeJira) => ({ issue: provider.addIssue('One').key });

/** A case of each source of choices. */
export const optionCases: readonly Case[] = [
  { action: 'create_issue', field: 'project', confinedTo },
  { action: 'create_issue', field: 'issue_type', input: () => ({ project: 'OPS' }), confinedTo },
  { action: 'create_issue', field: 'priority' },
  { action: 'create_issue', field: 'assignee' },
  { action: 'get_issue', field: 'fields' },
  { action: 'transition_issue', field: 'transition', input: issue, confinedTo },
  { action: 'transition_issue', field: 'status', input: issue, confinedTo },
  { action: 'list_sprints', field: 'board' },
  { action: 'move_issues_to_sprint', field: 'sprint', input: () => ({ board: 1 }) },
  {
    action: 'release_version',
    field: 'version',
    input: (provider) => {
      provider.addVersion('2.4.0');
      return { project: 'OPS' };
    },
    confinedTo,
  },
  { action: 'link_issues', field: 'type' },
];
