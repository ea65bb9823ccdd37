import type { ActionCase, FakeJira } from '@patchbay/testing';

type Case = ActionCase<FakeJira>;

const account = '5b10ac8d82e05b22cc7d4ef5';

/** One page of an endless listing by offset. */
const offsetPages = (item: (number: number) => Readonly<Record<string, string | number | boolean>>, name = 'values') => ({
  make: (number: number) => ({ json: { startAt: number - 1, maxResults: 1, total: 100_000, [name]: [item(number)] } }),
});

const user = { accountId: account, displayName: 'Patchbay' };
const when = '2026-01-01T00:00:00.000+0000';

const issues: readonly Case[] = [
  {
    name: 'create_issue',
    input: () => ({
      project: 'OPS',
      summary: 'The disk is full',
      description: 'Since noon.\n\nAgain.',
      labels: ['disk'],
      priority: 'High',
      issue_type: 'Bug',
    }),
    refused: [
      { project: 'OPS" OR 1=1', summary: 'x' },
      { project: 'OPS', summary: 'two\nlines' },
      { project: 'OPS', summary: 'x', fields: { summary: 'another' } },
      { project: 'OPS', summary: 'x', labels: ['two words'] },
      { project: 'OPS', summary: 'x', properties: [{ key: 'patchbay', value: {} }] },
    ],
  },
  {
    name: 'bulk_create_issues',
    input: () => ({
      project: 'OPS',
      parent: 'OPS-7',
      issues: [{ summary: 'One' }, { summary: 'Two', description: { markdown: '**x**' } }],
    }),
    refused: [
      { project: 'OPS', issues: [] },
      { project: 'OPS', issues: [{ summary: 'x', project: 'SEC' }] },
      { project: 'OPS', issues: [{ summary: 'x', parent: 'SEC-1' }] },
    ],
  },
  {
    name: 'update_issue',
    input: (provider) => ({ issue: provider.addIssue('Old').key, summary: 'New', assignee: null, description: 'Said otherwise' }),
    refused: [{ issue: 'OPS-1' }, { issue: 'OPS-1/comment', summary: 'x' }],
  },
  {
    name: 'get_issue',
    input: (provider) => ({ issue: provider.addIssue('One').key, fields: ['customfield_10011'] }),
    refused: [{ issue: '../x' }],
  },
  { name: 'delete_issue', input: (provider) => ({ issue: provider.addIssue('One').key, delete_subtasks: true }) },
  {
    name: 'search_issues',
    input: (provider) => ({ jql: `project = ${provider.addIssue('One').key.split('-')[0]} ORDER BY created DESC`, limit: 1_000 }),
    refused: [{ jql: '' }, { jql: 'x', limit: 0 }, { jql: 'x', limit: 1_001 }],
    pages: {
      make: (number) => ({
        json: {
          issues: [{ id: String(number), key: `OPS-${number}`, self: 'https://acme.atlassian.net/rest/api/3/issue/1', fields: {} }],
          nextPageToken: `token-${number}`,
        },
      }),
    },
  },
  { name: 'list_transitions', input: (provider) => ({ issue: provider.addIssue('One').key }) },
  {
    name: 'transition_issue',
    requests: 2,
    input: (provider) => ({ issue: provider.addIssue('One').key, status: 'done', transition: '31', resolution: 'Fixed' }),
    refused: [
      { issue: 'OPS-1', status: '' },
      { issue: 'OPS-1', status: 'x', transition: 'y' },
    ],
  },
  { name: 'assign_issue', input: (provider) => ({ issue: provider.addIssue('One').key, assignee: account }) },
  {
    name: 'link_issues',
    input: (provider) => ({ type: 'Blocks', from: provider.addIssue('One').key, to: provider.addIssue('Two').key }),
  },
  {
    name: 'notify',
    input: (provider) => ({
      issue: provider.addIssue('One').key,
      subject: 'Look',
      text: 'It is full.',
      to_assignee: true,
      to_users: [account],
    }),
    refused: [{ issue: 'OPS-1', text: 'x' }],
  },
  {
    name: 'get_changelog',
    input: (provider) => {
      const { key } = provider.addIssue('One');
      provider.changeIssue(key, { summary: 'Two' });
      return { issue: key };
    },
    pages: offsetPages((number) => ({ id: String(number), created: when, items: [] as never })),
  },
];

const below: readonly Case[] = [
  {
    name: 'add_comment',
    input: (provider) => ({ issue: provider.addIssue('The disk is full').key, body: 'It is empty now.' }),
    refused: [
      { issue: '..', body: 'x' },
      { issue: 'OPS-1', body: { markdown: 'x', type: 'doc' } },
    ],
  },
  {
    name: 'list_comments',
    input: (provider) => {
      const { key } = provider.addIssue('One');
      provider.addComment(key, 'Said');
      return { issue: key, newest_first: true };
    },
    pages: offsetPages((number) => ({ id: String(number), created: when, body: 'x' }), 'comments'),
  },
  {
    name: 'update_comment',
    input: (provider) => {
      const { key, comments } = provider.addIssue('One');
      provider.addComment(key, 'Said');
      return { issue: key, comment: comments[0]?.id ?? '', body: 'Said otherwise' };
    },
  },
  {
    name: 'delete_comment',
    input: (provider) => {
      const { key, comments } = provider.addIssue('One');
      provider.addComment(key, 'Said');
      return { issue: key, comment: comments[0]?.id ?? '' };
    },
    refused: [{ issue: 'OPS-1', comment: '1/properties' }],
  },
  {
    name: 'add_worklog',
    input: (provider) => ({
      issue: provider.addIssue('One').key,
      seconds: 5_400,
      started: '2026-01-05T09:00:00+01:00',
      comment: 'Looked.',
    }),
    refused: [
      { issue: 'OPS-1', seconds: 0 },
      { issue: 'OPS-1', seconds: 60, started: 'noon' },
    ],
  },
  {
    name: 'list_worklogs',
    input: (provider) => ({ issue: provider.addIssue('One').key, started_after: '2026-01-05T09:00:00+01:00' }),
    pages: offsetPages((number) => ({ id: String(number), started: when, timeSpentSeconds: 60 }), 'worklogs'),
  },
  { name: 'add_watcher', input: (provider) => ({ issue: provider.addIssue('One').key, watcher: account }) },
  {
    name: 'remove_watcher',
    input: (provider) => {
      const { key, watchers } = provider.addIssue('One');
      watchers.push(account);
      return { issue: key, watcher: account };
    },
  },
  {
    name: 'add_attachment',
    input: (provider) => ({ issue: provider.addIssue('One').key, name: 'disk.log', content_type: 'text/plain', text: 'full' }),
    refused: [
      { issue: 'OPS-1', name: 'x' },
      { issue: 'OPS-1', name: 'x', text: 'y', base64: 'eA==' },
      { issue: 'OPS-1', name: '../x', text: 'y' },
      { issue: 'OPS-1', name: 'x', base64: '%' },
    ],
  },
  {
    name: 'list_attachments',
    input: (provider) => {
      const { key } = provider.addIssue('One');
      provider.addAttachment(key, 'disk.log', 'full');
      return { issue: key };
    },
  },
  {
    name: 'get_attachment',
    requests: 2,
    input: (provider) => ({ attachment: provider.addAttachment(provider.addIssue('One').key, 'disk.log', 'full').id, content: true }),
  },
  {
    name: 'delete_attachment',
    input: (provider) => ({ attachment: provider.addAttachment(provider.addIssue('One').key, 'disk.log', 'full').id }),
  },
  {
    name: 'create_remote_link',
    input: (provider) => ({ issue: provider.addIssue('One').key, url: 'https://wiki.example.com/disks', title: 'Disks', resolved: false }),
    refused: [
      { issue: 'OPS-1', url: 'javascript:alert(1)', title: 'x' },
      { issue: 'OPS-1', url: `https://a.example/${'x'.repeat(300)}`, title: 'x' },
    ],
  },
];

const site: readonly Case[] = [
  {
    name: 'find_users',
    input: () => ({ query: 'a', limit: 2 }),
    pages: { make: (number) => ({ json: [{ ...user, accountId: `a${number}` }] }) },
  },
  { name: 'get_user', input: () => ({ user: account }), refused: [{ user: 'a&b=c' }] },
  {
    name: 'list_projects',
    input: () => ({ query: 'ops' }),
    pages: offsetPages((number) => ({ id: String(number), key: `P${number}`, name: 'x' })),
  },
  { name: 'get_project', input: () => ({ project: 'OPS' }) },
  {
    name: 'list_issue_types',
    input: () => ({ project: 'OPS' }),
    pages: offsetPages((number) => ({ id: String(number), name: 'x' }), 'issueTypes'),
  },
  { name: 'list_components', input: () => ({ project: 'OPS' }), pages: offsetPages((number) => ({ id: String(number), name: 'x' })) },
  {
    name: 'list_versions',
    input: () => ({ project: 'OPS', status: 'unreleased' }),
    pages: offsetPages((number) => ({ id: String(number), name: 'x' })),
  },
  {
    name: 'create_version',
    requests: 2,
    input: () => ({ project: 'OPS', name: '2.4.0', description: 'Next', release_date: '2026-02-01' }),
    refused: [{ project: 'OPS', name: 'x', release_date: '1 February' }],
  },
  {
    name: 'release_version',
    input: (provider) => ({
      project: 'OPS',
      version: provider.addVersion('2.4.0').id,
      release_date: '2026-02-01',
      move_unfixed_to: '10099',
    }),
  },
  {
    name: 'list_boards',
    input: () => ({ project: 'OPS', type: 'scrum' }),
    pages: offsetPages((number) => ({ id: number, name: 'x', type: 'scrum' })),
  },
  {
    name: 'list_sprints',
    input: () => ({ board: 1, states: ['active', 'future'] }),
    pages: offsetPages((number) => ({ id: number, name: 'x', state: 'active' })),
  },
  { name: 'move_issues_to_sprint', input: (provider) => ({ board: 1, sprint: 37, issues: [provider.addIssue('One').key] }) },
  { name: 'list_fields', input: () => ({ query: 'epic', type: 'custom' }) },
  { name: 'api_read', input: () => ({ path: ['api', '3', 'serverInfo'] }) },
  {
    name: 'api_write',
    input: (provider) => ({
      method: 'DELETE',
      path: ['api', '3', 'attachment', provider.addAttachment(provider.addIssue('One').key, 'disk.log', 'full').id],
    }),
    refused: [
      { method: 'GET', path: ['api'] },
      { method: 'PUT', path: [] },
    ],
  },
];

/** One case of each action. */
export const actionCases: readonly Case[] = [...issues, ...below, ...site];
