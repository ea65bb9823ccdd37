import { defineConnector, path, rateLimits } from '@patchbay/core';
import { addComment } from './actions/add-comment.ts';
import { createIssue } from './actions/create-issue.ts';
import { updateIssue } from './actions/update-issue.ts';
import { jiraAuth } from './jira-auth.ts';
import { mapJiraError } from './jira-error.ts';
import { jiraResources } from './jira-resources.ts';
import { jiraSites, myselfSchema, resourcesSchema, settingsSchema } from './jira-schemas.ts';
import { commentCreated } from './triggers/comment-created.ts';
import { issueCreated } from './triggers/issue-created.ts';
import { issueStatusChanged } from './triggers/issue-status-changed.ts';
import { jiraWebhook } from './webhook.ts';

/** Where Jira is. */
export interface JiraOptions {
  /** An origin, or a template over the connection's settings. @default 'https://{site}.atlassian.net' */
  readonly origin?: string;
  /** Where people sign in for OAuth. @default 'https://auth.atlassian.com' */
  readonly oauthOrigin?: string;
  /** Where requests with OAuth go. @default 'https://api.atlassian.com' */
  readonly apiOrigin?: string;
}

/** The Jira Cloud connector: issues and comments over the REST API, version 3. A connection's settings are `{ site }`, with OAuth also `cloudId`. */
export const jira = ({
  origin = 'https://{site}.atlassian.net',
  oauthOrigin = 'https://auth.atlassian.com',
  apiOrigin = 'https://api.atlassian.com',
}: JiraOptions = {}) =>
  defineConnector({
    id: 'jira',
    name: 'Jira',
    description: 'Issues and comments of Jira Cloud projects.',
    docsUrl: 'https://developer.atlassian.com/cloud/jira/platform/rest/v3/',
    version: '0.1.0',
    category: 'project-management',
    auth: jiraAuth({ oauthOrigin, apiOrigin }),
    origin,
    basePath: '/rest/api/3',
    settings: settingsSchema,
    scopes: [{ scope: 'read:jira-user', reason: 'To name the account that is connected.' }],
    resources: jiraResources,
    headers: { accept: 'application/json' },
    requestIdHeader: 'atl-traceid',
    actions: { create_issue: createIssue, update_issue: updateIssue, add_comment: addComment },
    triggers: { 'issue.created': issueCreated, 'issue.status_changed': issueStatusChanged, 'comment.created': commentCreated },
    webhook: jiraWebhook,
    mapError: mapJiraError,
    rateLimit: rateLimits.known.jira,
    async findSites({ http }) {
      return jiraSites(await http.get(path`/oauth/token/accessible-resources`, { response: resourcesSchema }));
    },
    async healthCheck({ http }) {
      const { accountId, displayName } = await http.get(path`/myself`, { response: myselfSchema });
      return { healthy: true, account: { id: accountId, name: displayName } };
    },
  });
