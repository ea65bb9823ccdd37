import type { JsonObject } from '@patchbay/core';
import { describeConnector, fakeJira, jiraDelivery } from '@patchbay/testing';
import { actionCases } from './__fixtures__/action-cases.ts';
import * as payloads from './__fixtures__/jira-webhooks.ts';
import { optionCases } from './__fixtures__/option-cases.ts';
import { jira } from './jira.ts';

const email = 'ops@example.com';
const token = 'ATATT3xFfGF0conformance';
const app = { clientId: 'conformance-client-id', clientSecret: 'secret-of-the-app-0123456789' };

const delivery = (title: string, payload: JsonObject, trigger: string | null, further: readonly string[] = []) => ({
  title,
  trigger,
  further,
  make: ({ secret }: { readonly secret: string }) => jiraDelivery({ payload, secret }),
});

describeConnector({
  create: (origin) => jira({ origin, oauthOrigin: origin, apiOrigin: origin }),
  startProvider: () => fakeJira({ email, token, app }),
  credential: { type: 'basic', username: email, password: token },
  wrongCredential: { type: 'basic', username: email, password: 'wrong' },
  state: (provider) => provider.held(),
  oauth: { app, tokens: (provider) => provider.tokens() },
  actions: actionCases,
  options: optionCases,
  content: [
    {
      source: 'issues',
      containers: ['OPS'],
      change: (provider) => {
        const { id, key } = provider.addIssue('The disk is full');
        provider.addComment(key, 'It is empty now.');
        return id;
      },
    },
  ],
  registration: {
    target: 'OPS',
    // What Jira delivers to apps; a test of the subscriptions says what becomes of the others.
    triggers: [
      'issue.created',
      'issue.updated',
      'issue.deleted',
      'issue.status_changed',
      'issue.assigned',
      'comment.created',
      'comment.updated',
      'comment.deleted',
    ],
    held: (provider) => provider.webhooks.map(({ url }) => url),
  },
  deliveries: [
    delivery('jira:issue_created', payloads.issueCreated, 'issue.created'),
    delivery('jira:issue_updated', payloads.summaryChanged, 'issue.updated'),
    delivery('jira:issue_updated with a status', payloads.statusChanged, 'issue.status_changed', ['issue.updated']),
    delivery('jira:issue_updated with an assignee', payloads.assigneeChanged, 'issue.assigned', ['issue.updated']),
    delivery('jira:issue_deleted', payloads.issueDeleted, 'issue.deleted'),
    delivery('issuelink_created', payloads.issueLinked, 'issue.linked'),
    delivery('comment_created', payloads.commentCreated, 'comment.created'),
    delivery('comment_updated', payloads.commentUpdated, 'comment.updated'),
    delivery('comment_deleted', payloads.commentDeleted, 'comment.deleted'),
    delivery('worklog_created', payloads.worklogCreated, 'worklog.created'),
    delivery('attachment_created', payloads.attachmentCreated, 'attachment.created'),
    delivery('sprint_started', payloads.sprintStarted, 'sprint.started'),
    delivery('sprint_closed', payloads.sprintClosed, 'sprint.closed'),
    delivery('jira:version_released', payloads.versionReleased, 'version.released'),
    delivery('project_created', payloads.projectCreated, 'project.created'),
    delivery('board_created', { timestamp: 1, webhookEvent: 'board_created', board: { id: 1 } }, null),
  ],
  polls: [
    {
      trigger: 'issue.matched',
      happen: (provider) => {
        provider.addIssue('One more');
      },
    },
  ],
});
