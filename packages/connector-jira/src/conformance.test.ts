import type { JsonObject } from '@patchbay/core';
import { describeConnector, fakeJira, jiraDelivery } from '@patchbay/testing';
import { commentCreated, issueCreated, statusChanged, summaryChanged } from './__fixtures__/jira-webhooks.ts';
import { jira } from './jira.ts';

const email = 'ops@example.com';
const token = 'ATATT3xFfGF0conformance';
const app = { clientId: 'conformance-client-id', clientSecret: 'secret-of-the-app-0123456789' };

const delivery = (title: string, payload: JsonObject, trigger: string | null) => ({
  title,
  trigger,
  make: ({ secret }: { readonly secret: string }) => jiraDelivery({ payload, secret }),
});

describeConnector({
  create: (origin) => jira({ origin, oauthOrigin: origin, apiOrigin: origin }),
  startProvider: () => fakeJira({ email, token, app }),
  credential: { type: 'basic', username: email, password: token },
  wrongCredential: { type: 'basic', username: email, password: 'wrong' },
  state: (provider) => provider.issues(),
  oauth: { app, tokens: (provider) => provider.tokens() },
  actions: [
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
      name: 'update_issue',
      input: (provider) => ({ issue: provider.addIssue('Old').key, summary: 'New', assignee: null, description: 'Said otherwise' }),
      refused: [{ issue: 'OPS-1' }, { issue: 'OPS-1/comment', summary: 'x' }],
    },
    {
      name: 'add_comment',
      input: (provider) => ({ issue: provider.addIssue('The disk is full').key, body: 'It is empty now.' }),
      refused: [{ issue: '..', body: 'x' }],
    },
  ],
  registration: { target: 'OPS', held: (provider) => provider.webhooks.map(({ url }) => url) },
  deliveries: [
    delivery('jira:issue_created', issueCreated, 'issue.created'),
    delivery('jira:issue_updated with a status', statusChanged, 'issue.status_changed'),
    delivery('jira:issue_updated without a status', summaryChanged, null),
    delivery('comment_created', commentCreated, 'comment.created'),
  ],
});
