import { defineConnector, path } from '@patchbay/core';
import { addComment } from './actions/add-comment.ts';
import { createIssue } from './actions/create-issue.ts';
import { updateIssue } from './actions/update-issue.ts';
import { jiraAuth } from './jira-auth.ts';
import { mapJiraError, readJiraRateLimit } from './jira-error.ts';
import { jiraResources } from './jira-resources.ts';
import { myselfSchema, settingsSchema, settingsWithoutSite } from './jira-schemas.ts';
import { commentCreated } from './triggers/comment-created.ts';
import { issueCreated } from './triggers/issue-created.ts';
import { issueStatusChanged } from './triggers/issue-status-changed.ts';
import { jiraWebhook } from './webhook.ts';

/** Where Jira is. */
export interface JiraOptions {
  /** An origin, or a template over the connection's settings. @default 'https://{site}.atlassian.net' */
  readonly origin?: string;
}

/** The Jira Cloud connector: issues and comments over the REST API, version 3. A connection's settings are `{ site }`. */
export const jira = ({ origin = 'https://{site}.atlassian.net' }: JiraOptions = {}) =>
  defineConnector({
    id: 'jira',
    name: 'Jira',
    description: 'Issues and comments of Jira Cloud projects.',
    docsUrl: 'https://developer.atlassian.com/cloud/jira/platform/rest/v3/',
    version: '0.1.0',
    category: 'project-management',
    auth: jiraAuth,
    origin,
    basePath: '/rest/api/3',
    settings: origin.includes('{site}') ? settingsSchema : settingsWithoutSite,
    resources: jiraResources,
    headers: { accept: 'application/json' },
    requestIdHeader: 'atl-traceid',
    actions: { create_issue: createIssue, update_issue: updateIssue, add_comment: addComment },
    triggers: { 'issue.created': issueCreated, 'issue.status_changed': issueStatusChanged, 'comment.created': commentCreated },
    webhook: jiraWebhook,
    mapError: mapJiraError,
    rateLimit: readJiraRateLimit,
    async healthCheck({ http }) {
      const { accountId, displayName } = await http.get(path`/myself`, { response: myselfSchema });
      return { healthy: true, account: { id: accountId, name: displayName } };
    },
  });
