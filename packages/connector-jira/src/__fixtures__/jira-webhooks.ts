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

export const assigneeChanged = {
  ...base,
  webhookEvent: 'jira:issue_updated',
  issue_event_type_name: 'issue_assigned',
  issue,
  changelog: {
    id: '10126',
    items: [
      {
        field: 'assignee',
        fieldtype: 'jira',
        fieldId: 'assignee',
        from: null,
        fromString: null,
        to: user.accountId,
        toString: 'Bryan Rollins',
      },
    ],
  },
} satisfies JsonObject;

export const issueDeleted = { ...base, webhookEvent: 'jira:issue_deleted', issue } satisfies JsonObject;

export const commentUpdated = { ...commentCreated, webhookEvent: 'comment_updated' } satisfies JsonObject;

export const commentDeleted = { ...commentCreated, webhookEvent: 'comment_deleted' } satisfies JsonObject;

const at = { timestamp: 1525698237764 };

export const worklogCreated = {
  ...at,
  webhookEvent: 'worklog_created',
  worklog: {
    self: 'https://acme.atlassian.net/rest/api/2/issue/99291/worklog/10207',
    author: user,
    updateAuthor: user,
    created: '2026-01-05T10:31:26.805-0500',
    updated: '2026-01-05T10:31:26.805-0500',
    started: '2026-01-05T09:00:00.000-0500',
    timeSpent: '1h 30m',
    timeSpentSeconds: 5400,
    id: '10207',
    issueId: '99291',
  },
} satisfies JsonObject;

export const attachmentCreated = {
  ...at,
  webhookEvent: 'attachment_created',
  attachment: {
    self: 'https://acme.atlassian.net/rest/api/2/attachment/10300',
    id: '10300',
    filename: 'disk.log',
    author: user,
    created: '2026-01-05T10:31:26.805-0500',
    size: 4096,
    mimeType: 'text/plain',
    content: 'https://acme.atlassian.net/secure/attachment/10300/disk.log',
  },
} satisfies JsonObject;

export const issueLinked = {
  ...at,
  webhookEvent: 'issuelink_created',
  issueLink: {
    id: 10400,
    sourceIssueId: 99291,
    destinationIssueId: 99292,
    issueLinkType: {
      id: 10000,
      name: 'Blocks',
      outwardName: 'blocks',
      inwardName: 'is blocked by',
      isSubTaskLinkType: false,
      isSystemLinkType: false,
    },
    systemLink: false,
  },
} satisfies JsonObject;

const sprint = {
  id: 37,
  self: 'https://acme.atlassian.net/rest/agile/1.0/sprint/37',
  state: 'active',
  name: 'Sprint 2',
  startDate: '2026-01-15T09:00:00.000Z',
  endDate: '2026-01-29T09:00:00.000Z',
  createdDate: '2026-01-02T09:00:00.000Z',
  originBoardId: 1,
  goal: 'Go on',
} satisfies JsonObject;

export const sprintStarted = { ...at, webhookEvent: 'sprint_started', sprint } satisfies JsonObject;

export const sprintClosed = {
  ...at,
  webhookEvent: 'sprint_closed',
  sprint: { ...sprint, state: 'closed', completeDate: '2026-01-29T10:00:00.000Z' },
} satisfies JsonObject;

export const versionReleased = {
  ...at,
  webhookEvent: 'jira:version_released',
  version: {
    self: 'https://acme.atlassian.net/rest/api/2/version/10500',
    id: '10500',
    description: '',
    name: '2.4.0',
    archived: false,
    released: true,
    releaseDate: '2026-01-29',
    overdue: false,
    userReleaseDate: '29/Jan/26',
    projectId: 10000,
  },
} satisfies JsonObject;

export const projectCreated = {
  ...at,
  webhookEvent: 'project_created',
  project: {
    self: 'https://acme.atlassian.net/rest/api/2/project/10000',
    id: 10000,
    key: 'JRA',
    name: 'Jira',
    projectLead: user,
    assigneeType: 'admin.assignee.type.unassigned',
  },
} satisfies JsonObject;
