import { defineConnector, path, rateLimits } from '@patchbay/core';
import { issues } from './content/issues.ts';
import { jiraActions } from './jira-actions.ts';
import { jiraAuth } from './jira-auth.ts';
import { mapJiraError } from './jira-error.ts';
import { jiraResources } from './jira-resources.ts';
import { jiraSites, myselfSchema, resourcesSchema, settingsSchema } from './jira-schemas.ts';
import { jiraTriggers } from './jira-triggers.ts';
import { boards, sprints } from './options/boards.ts';
import { fields } from './options/fields.ts';
import { issueTypes } from './options/issue-types.ts';
import { linkTypes } from './options/link-types.ts';
import { priorities } from './options/priorities.ts';
import { projects } from './options/projects.ts';
import { statuses, transitions } from './options/transitions.ts';
import { users } from './options/users.ts';
import { versions } from './options/versions.ts';
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

/** The Jira Cloud connector, over the REST API, version 3, and the agile API. A connection's settings are `{ site }`, with OAuth also `cloudId`. */
export const jira = ({
  origin = 'https://{site}.atlassian.net',
  oauthOrigin = 'https://auth.atlassian.com',
  apiOrigin = 'https://api.atlassian.com',
}: JiraOptions = {}) =>
  defineConnector({
    id: 'jira',
    name: 'Jira',
    description: 'Issues, comments, worklogs, files, versions and sprints of Jira Cloud.',
    docsUrl: 'https://developer.atlassian.com/cloud/jira/platform/rest/v3/',
    version: '0.1.0',
    category: 'project-management',
    auth: jiraAuth({ oauthOrigin, apiOrigin }),
    origin,
    basePath: '/rest',
    settings: settingsSchema,
    scopes: [{ scope: 'read:jira-user', reason: 'To name the account that is connected.' }],
    resources: jiraResources,
    // Jira refuses forms without the second one, and requests that look like a browser's.
    headers: { accept: 'application/json', 'x-atlassian-token': 'no-check' },
    requestIdHeader: 'atl-traceid',
    actions: jiraActions,
    triggers: jiraTriggers,
    options: {
      projects,
      issue_types: issueTypes,
      fields,
      priorities,
      transitions,
      statuses,
      users,
      boards,
      sprints,
      versions,
      link_types: linkTypes,
    },
    content: { issues },
    webhook: jiraWebhook,
    mapError: mapJiraError,
    rateLimit: rateLimits.known.jira,
    async findSites({ http }) {
      return jiraSites(await http.get(path`/oauth/token/accessible-resources`, { response: resourcesSchema }));
    },
    async healthCheck({ http }) {
      const { accountId, displayName } = await http.get(path`/api/3/myself`, { response: myselfSchema });
      return { healthy: true, account: { id: accountId, name: displayName } };
    },
  });
