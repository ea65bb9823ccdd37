import type { Json } from '@patchbay/core';
import type { FakeJira } from '@patchbay/testing';
import { shownFields } from '../formats/shown-issue.ts';
import type { VendorClient } from './vendor-requests.ts';

/** What both clients are told in one case. */
export interface VendorCall {
  readonly client: VendorClient;
  readonly provider: FakeJira;
  /** The key that ours sent. */
  readonly key: string | undefined;
}

/** One action and the same with the other client. */
export interface VendorCase {
  readonly action: string;
  /** Prepares either stand-in in the same way, so that both give the same ids. */
  readonly prepare?: (provider: FakeJira) => void;
  readonly input: Readonly<Record<string, Json>>;
  theirs(call: VendorCall): Promise<unknown>;
}

const account = '5b10ac8d82e05b22cc7d4ef5';

const doc = (...content: object[]) => ({ type: 'doc' as const, version: 1, content });
const paragraph = (text: string) => doc({ type: 'paragraph', content: [{ type: 'text', text }] });
const marked = (key: string | undefined, more: object = {}) => [{ key: 'patchbay', value: { key, ...more } }];
const one = (provider: FakeJira) => void provider.addIssue('One');
const two = (provider: FakeJira) => ['One', 'Two'].forEach((summary) => void provider.addIssue(summary));
const said = (provider: FakeJira) => provider.addComment(provider.addIssue('One').key, 'Said');
const attached = (provider: FakeJira) => void provider.addAttachment(provider.addIssue('One').key, 'disk.log', 'full');

const issues: readonly VendorCase[] = [
  {
    action: 'create_issue',
    input: {
      project: 'OPS',
      summary: 'The disk is full',
      issue_type: 'Bug',
      description: 'Since noon.',
      assignee: account,
      parent: 'OPS-1',
      labels: ['disk'],
      priority: 'High',
      fields: { customfield_10011: 3 },
    },
    theirs: ({ client: { cloud }, key }) =>
      cloud.issues.createIssue({
        fields: {
          project: { key: 'OPS' },
          summary: 'The disk is full',
          issuetype: { name: 'Bug' },
          description: paragraph('Since noon.'),
          assignee: { accountId: account },
          parent: { key: 'OPS-1' },
          labels: ['disk'],
          priority: { name: 'High' },
          customfield_10011: 3,
        },
        properties: marked(key),
      }),
  },
  {
    action: 'bulk_create_issues',
    input: { project: 'OPS', parent: 'OPS-1', issues: [{ summary: 'One' }, { summary: 'Two', issue_type: 'Bug' }] },
    theirs: ({ client: { cloud }, key }) =>
      cloud.issues.createIssues({
        issueUpdates: ['One', 'Two'].map((summary, index) => ({
          fields: { project: { key: 'OPS' }, summary, issuetype: { name: index === 0 ? 'Task' : 'Bug' }, parent: { key: 'OPS-1' } },
          properties: marked(key, { index }),
        })),
      }),
  },
  {
    action: 'update_issue',
    prepare: one,
    input: { issue: 'OPS-1', summary: 'New', description: null, assignee: null, priority: 'Low' },
    theirs: ({ client: { cloud } }) =>
      cloud.issues.editIssue({
        issueIdOrKey: 'OPS-1',
        fields: { summary: 'New', description: null, assignee: null, priority: { name: 'Low' } },
      }),
  },
  {
    action: 'get_issue',
    prepare: one,
    input: { issue: 'OPS-1', fields: ['customfield_10011'] },
    theirs: ({ client: { cloud } }) => cloud.issues.getIssue({ issueIdOrKey: 'OPS-1', fields: [...shownFields, 'customfield_10011'] }),
  },
  {
    action: 'delete_issue',
    prepare: one,
    input: { issue: 'OPS-1', delete_subtasks: true },
    theirs: ({ client: { cloud } }) => cloud.issues.deleteIssue({ issueIdOrKey: 'OPS-1', deleteSubtasks: 'true' }),
  },
  {
    action: 'search_issues',
    prepare: one,
    input: { jql: 'project = OPS', fields: ['customfield_10011'], limit: 20 },
    theirs: ({ client: { cloud } }) =>
      cloud.issueSearch.searchAndReconsileIssuesUsingJql({
        jql: 'project = OPS',
        fields: [...shownFields, 'customfield_10011'],
        maxResults: 20,
      }),
  },
  {
    action: 'list_transitions',
    prepare: one,
    input: { issue: 'OPS-1' },
    theirs: ({ client: { cloud } }) => cloud.issues.getTransitions({ issueIdOrKey: 'OPS-1' }),
  },
  {
    action: 'transition_issue',
    prepare: one,
    input: { issue: 'OPS-1', status: 'Done', transition: '31', resolution: 'Fixed', fields: { customfield_10011: 3 } },
    async theirs({ client: { cloud } }) {
      await cloud.issues.getIssue({ issueIdOrKey: 'OPS-1', fields: ['status'], expand: 'transitions' }).catch(() => undefined);
      await cloud.issues.doTransition({
        issueIdOrKey: 'OPS-1',
        transition: { id: '31' },
        fields: { resolution: { name: 'Fixed' }, customfield_10011: 3 },
      });
    },
  },
  {
    action: 'assign_issue',
    prepare: one,
    input: { issue: 'OPS-1', assignee: account },
    theirs: ({ client: { cloud } }) => cloud.issues.assignIssue({ issueIdOrKey: 'OPS-1', accountId: account }),
  },
  {
    action: 'link_issues',
    prepare: two,
    input: { type: 'Blocks', from: 'OPS-1', to: 'OPS-2' },
    theirs: ({ client: { cloud } }) =>
      cloud.issueLinks.linkIssues({ type: { name: 'Blocks' }, inwardIssue: { key: 'OPS-1' }, outwardIssue: { key: 'OPS-2' } }),
  },
  {
    action: 'notify',
    prepare: one,
    input: { issue: 'OPS-1', subject: 'Look', text: 'It is full.', to_watchers: true, to_users: [account], to_groups: ['ops'] },
    theirs: ({ client: { cloud } }) =>
      cloud.issues.notify({
        issueIdOrKey: 'OPS-1',
        subject: 'Look',
        textBody: 'It is full.',
        to: {
          reporter: false,
          assignee: false,
          watchers: true,
          voters: false,
          users: [{ accountId: account }],
          groups: [{ name: 'ops' }],
        },
      }),
  },
  {
    action: 'get_changelog',
    prepare: one,
    input: { issue: 'OPS-1', limit: 30 },
    theirs: ({ client: { cloud } }) => cloud.issues.getChangeLogs({ issueIdOrKey: 'OPS-1', maxResults: 30 }),
  },
];

const below: readonly VendorCase[] = [
  {
    action: 'add_comment',
    prepare: one,
    input: { issue: 'OPS-1', body: 'It is empty now.' },
    theirs: ({ client: { cloud }, key }) =>
      cloud.issueComments.addComment({ issueIdOrKey: 'OPS-1', body: paragraph('It is empty now.'), properties: marked(key) }),
  },
  {
    action: 'list_comments',
    prepare: said,
    input: { issue: 'OPS-1', newest_first: true, limit: 30 },
    theirs: ({ client: { cloud } }) => cloud.issueComments.getComments({ issueIdOrKey: 'OPS-1', orderBy: '-created', maxResults: 30 }),
  },
  {
    action: 'update_comment',
    prepare: said,
    input: { issue: 'OPS-1', comment: '10002', body: { markdown: '# New' } },
    theirs: ({ client: { cloud } }) =>
      cloud.issueComments.updateComment({
        issueIdOrKey: 'OPS-1',
        id: '10002',
        body: { body: doc({ type: 'heading', attrs: { level: 1 }, content: [{ type: 'text', text: 'New' }] }) },
      }),
  },
  {
    action: 'delete_comment',
    prepare: said,
    input: { issue: 'OPS-1', comment: '10002' },
    theirs: ({ client: { cloud } }) => cloud.issueComments.deleteComment({ issueIdOrKey: 'OPS-1', id: '10002' }),
  },
  {
    action: 'add_worklog',
    prepare: one,
    input: { issue: 'OPS-1', seconds: 5_400, started: '2026-01-05T09:00:00+01:00', comment: 'Looked.', estimate: 'leave', notify: false },
    theirs: ({ client: { cloud }, key }) =>
      cloud.issueWorklogs.addWorklog({
        issueIdOrKey: 'OPS-1',
        adjustEstimate: 'leave',
        notifyUsers: false,
        timeSpentSeconds: 5_400,
        started: '2026-01-05T08:00:00.000+0000',
        comment: paragraph('Looked.'),
        properties: marked(key),
      }),
  },
  {
    action: 'list_worklogs',
    prepare: one,
    input: { issue: 'OPS-1', started_after: '2026-01-05T08:00:00Z', started_before: '2026-01-06T08:00:00Z', limit: 30 },
    theirs: ({ client: { cloud } }) =>
      cloud.issueWorklogs.getIssueWorklog({
        issueIdOrKey: 'OPS-1',
        maxResults: 30,
        startedAfter: Date.UTC(2026, 0, 5, 8),
        startedBefore: Date.UTC(2026, 0, 6, 8),
      }),
  },
  {
    // The description of that client takes any object for the body; Jira takes a JSON text.
    action: 'add_watcher',
    prepare: one,
    input: { issue: 'OPS-1', watcher: account },
    theirs: ({ client: { cloud } }) => cloud.issueWatchers.addWatcher({ issueIdOrKey: 'OPS-1', body: Object(account) }),
  },
  {
    action: 'remove_watcher',
    prepare: one,
    input: { issue: 'OPS-1', watcher: account },
    theirs: ({ client: { cloud } }) => cloud.issueWatchers.removeWatcher({ issueIdOrKey: 'OPS-1', accountId: account }),
  },
  {
    action: 'add_attachment',
    prepare: one,
    input: { issue: 'OPS-1', name: 'disk.log', content_type: 'text/plain', text: 'full' },
    theirs: ({ client: { cloud } }) =>
      cloud.issueAttachments.addAttachment({
        issueIdOrKey: 'OPS-1',
        attachments: { filename: 'disk.log', content: new Blob(['full'], { type: 'text/plain' }) },
      }),
  },
  {
    action: 'list_attachments',
    prepare: attached,
    input: { issue: 'OPS-1' },
    theirs: ({ client: { cloud } }) => cloud.issues.getIssue({ issueIdOrKey: 'OPS-1', fields: ['attachment'] }),
  },
  {
    action: 'get_attachment',
    prepare: attached,
    input: { attachment: '10002', content: true },
    async theirs({ client: { cloud } }) {
      await cloud.issueAttachments.getAttachment({ id: '10002' }).catch(() => undefined);
      await cloud.issueAttachments.getAttachmentContent({ id: '10002', redirect: false });
    },
  },
  {
    action: 'delete_attachment',
    prepare: attached,
    input: { attachment: '10002' },
    theirs: ({ client: { cloud } }) => cloud.issueAttachments.removeAttachment({ id: '10002' }),
  },
  {
    action: 'create_remote_link',
    prepare: one,
    input: {
      issue: 'OPS-1',
      url: 'https://wiki.example.com/disks',
      title: 'Disks',
      summary: 'Of full disks',
      relationship: 'documented in',
      resolved: true,
    },
    theirs: ({ client: { cloud } }) =>
      cloud.issueRemoteLinks.createOrUpdateRemoteIssueLink({
        issueIdOrKey: 'OPS-1',
        globalId: 'https://wiki.example.com/disks',
        relationship: 'documented in',
        object: { url: 'https://wiki.example.com/disks', title: 'Disks', summary: 'Of full disks', status: { resolved: true } },
      }),
  },
];

const site: readonly VendorCase[] = [
  {
    action: 'find_users',
    input: { query: 'patch', limit: 1_000 },
    async theirs({ client: { cloud } }) {
      await cloud.userSearch.findUsers({ query: 'patch', maxResults: 100 }).catch(() => undefined);
      await cloud.userSearch.findUsers({ query: 'patch', startAt: 100, maxResults: 100 });
    },
  },
  {
    action: 'get_user',
    input: { user: account },
    theirs: ({ client: { cloud } }) => cloud.users.getUser({ accountId: account }),
  },
  {
    action: 'list_projects',
    input: { query: 'ops', limit: 30 },
    theirs: ({ client: { cloud } }) => cloud.projects.searchProjects({ query: 'ops', orderBy: 'key', maxResults: 30 }),
  },
  {
    action: 'get_project',
    input: { project: 'OPS' },
    theirs: ({ client: { cloud } }) => cloud.projects.getProject({ projectIdOrKey: 'OPS' }),
  },
  {
    action: 'list_issue_types',
    input: { project: 'OPS', limit: 30 },
    theirs: ({ client: { cloud } }) => cloud.issues.getCreateIssueMetaIssueTypes({ projectIdOrKey: 'OPS', maxResults: 30 }),
  },
  {
    action: 'list_components',
    input: { project: 'OPS', limit: 30 },
    theirs: ({ client: { cloud } }) => cloud.projectComponents.getProjectComponentsPaginated({ projectIdOrKey: 'OPS', maxResults: 30 }),
  },
  {
    action: 'list_versions',
    input: { project: 'OPS', status: 'unreleased', limit: 30 },
    theirs: ({ client: { cloud } }) =>
      cloud.projectVersions.getProjectVersionsPaginated({ projectIdOrKey: 'OPS', status: 'unreleased', maxResults: 30 }),
  },
  {
    action: 'create_version',
    input: { project: 'OPS', name: '2.4.0', description: 'Next', start_date: '2026-01-01', release_date: '2026-02-01' },
    async theirs({ client: { cloud } }) {
      await cloud.projects.getProject({ projectIdOrKey: 'OPS' }).catch(() => undefined);
      await cloud.projectVersions.createVersion({
        projectId: 10_000,
        name: '2.4.0',
        description: 'Next',
        startDate: '2026-01-01',
        releaseDate: '2026-02-01',
      });
    },
  },
  {
    action: 'release_version',
    prepare: (provider) => void provider.addVersion('2.4.0'),
    input: { version: '10001', release_date: '2026-02-01' },
    theirs: ({ client: { cloud } }) =>
      cloud.projectVersions.updateVersion({ id: '10001', body: { released: true, releaseDate: '2026-02-01' } }),
  },
  {
    action: 'list_boards',
    input: { project: 'OPS', name: 'oper', type: 'scrum', limit: 30 },
    theirs: ({ client: { agile } }) => agile.board.getAllBoards({ projectKeyOrId: 'OPS', name: 'oper', type: 'scrum', maxResults: 30 }),
  },
  {
    action: 'list_sprints',
    input: { board: 1, states: ['active', 'future'], limit: 30 },
    theirs: ({ client: { agile } }) => agile.board.getAllSprints({ boardId: 1, state: 'active,future', maxResults: 30 }),
  },
  {
    action: 'move_issues_to_sprint',
    prepare: one,
    input: { sprint: 37, issues: ['OPS-1'] },
    theirs: ({ client: { agile } }) => agile.sprint.moveIssuesToSprintAndRank({ sprintId: 37, issues: ['OPS-1'] }),
  },
  { action: 'list_fields', input: {}, theirs: ({ client: { cloud } }) => cloud.issueFields.getFields() },
  {
    action: 'api_read',
    prepare: one,
    input: { path: ['api', '3', 'issue', 'OPS-1'], query: { fields: ['summary', 'status'] } },
    theirs: ({ client: { cloud } }) => cloud.issues.getIssue({ issueIdOrKey: 'OPS-1', fields: ['summary', 'status'] }),
  },
  {
    action: 'api_write',
    prepare: one,
    input: { method: 'PUT', path: ['api', '3', 'issue', 'OPS-1', 'assignee'], body: { accountId: account } },
    theirs: ({ client: { cloud } }) => cloud.issues.assignIssue({ issueIdOrKey: 'OPS-1', accountId: account }),
  },
];

/** Each action once, beside the same operation of jira.js. */
export const vendorCases: readonly VendorCase[] = [...issues, ...below, ...site];
