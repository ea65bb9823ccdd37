import type { JsonObject } from '@patchbay/core';

// Shapes of developer.atlassian.com/cloud/jira/platform/webhooks: users are account ids only.
const user = {
  self: 'https://acme.atlassian.net/rest/api/2/user?accountId=99:27935d01-92a7-4687-8272-a9b8d3b2ae2e',
  accountId: '99:27935d01-92a7-4687-8272-a9b8d3b2ae2e',
  displayName: 'Bryan Rollins',
  active: true,
  timeZone: 'Europe/Berlin',
  accountType: 'atlassian',
};

const issue = {
  id: '99291',
  self: 'https://acme.atlassian.net/rest/api/2/99291',
  key: 'JRA-20002',
  fields: {
    summary: 'I feel the need for speed',
    description: 'Make the issue nav load 10x faster',
    created: '2009-12-16T23:46:10.612-0600',
    labels: ['UI', 'dialogue', 'move'],
    priority: { id: '3', name: 'Minor' },
    issuetype: { id: '10001', name: 'Story', subtask: false },
    project: { id: '10000', key: 'JRA', name: 'Jira' },
    status: { id: '3', name: 'In Progress', statusCategory: { id: 4, key: 'indeterminate', name: 'In Progress' } },
  },
};

const base = { timestamp: 1525698237764, user };

export const issueCreated = {
  ...base,
  webhookEvent: 'jira:issue_created',
  issue_event_type_name: 'issue_created',
  issue,
} satisfies JsonObject;

export const statusChanged = {
  ...base,
  webhookEvent: 'jira:issue_updated',
  issue_event_type_name: 'issue_generic',
  issue,
  changelog: {
    id: '10124',
    items: [
      { toString: 'Done', to: '10002', fromString: 'In Progress', from: '3', fieldtype: 'jira', field: 'status', fieldId: 'status' },
      { toString: '1.0', to: null, fromString: null, from: null, fieldtype: 'custom', field: 'Story Points', fieldId: 'customfield_10016' },
    ],
  },
} satisfies JsonObject;

export const summaryChanged = {
  ...base,
  webhookEvent: 'jira:issue_updated',
  issue_event_type_name: 'issue_updated',
  issue,
  changelog: {
    id: '10125',
    items: [
      {
        toString: 'A new summary.',
        to: null,
        fromString: "What's a summary?",
        from: null,
        fieldtype: 'jira',
        field: 'summary',
        fieldId: 'summary',
      },
    ],
  },
} satisfies JsonObject;

export const commentCreated = {
  timestamp: 1525698237764,
  webhookEvent: 'comment_created',
  comment: {
    self: 'https://acme.atlassian.net/rest/api/2/issue/99291/comment/252789',
    id: '252789',
    author: user,
    body: 'Just in time for AtlasCamp!',
    updateAuthor: user,
    created: '2011-06-07T10:31:26.805-0500',
    updated: '2011-06-07T10:31:26.805-0500',
    jsdPublic: true,
  },
  issue,
} satisfies JsonObject;
