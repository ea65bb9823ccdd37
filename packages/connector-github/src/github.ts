import { type ConnectorHttp, defineConnector, type HealthReport, isPatchbayError, path, rateLimits } from '@patchbay/core';
import { addComment } from './actions/add-comment.ts';
import { createIssue } from './actions/create-issue.ts';
import { mergePullRequest } from './actions/merge-pull-request.ts';
import { githubEnrichers } from './enrichers.ts';
import { githubEvidence } from './evidence.ts';
import { githubAuth, githubHeaders, githubVersion } from './github-auth.ts';
import { mapGithubError } from './github-error.ts';
import { githubResources } from './github-resources.ts';
import { installedSchema, userSchema } from './github-schemas.ts';
import { checkRunCompleted } from './triggers/check-run-completed.ts';
import { commentCreated } from './triggers/comment-created.ts';
import { commitsPushed } from './triggers/commits-pushed.ts';
import { deploymentCreated } from './triggers/deployment-created.ts';
import { deploymentStatusChanged } from './triggers/deployment-status-changed.ts';
import { issueOpened } from './triggers/issue-opened.ts';
import { pullRequestMerged } from './triggers/pull-request-merged.ts';
import { pullRequestOpened } from './triggers/pull-request-opened.ts';
import { githubWebhook } from './webhook.ts';

/** Where GitHub is. For an Enterprise Server: `{ origin: 'https://github.example.com', basePath: '/api/v3' }`. */
export interface GithubOptions {
  /** @default 'https://api.github.com' */
  readonly origin?: string;
  /** Prefix of every path. @default none */
  readonly basePath?: string;
  /** Where people sign in for OAuth. @default the origin's host without a leading `api.`: https://github.com, and an Enterprise Server itself */
  readonly oauthOrigin?: string;
}

/** The GitHub connector: issues, comments and pull requests over the REST API, version 2022-11-28. */
export const github = ({
  origin = 'https://api.github.com',
  basePath,
  oauthOrigin = origin.replace('://api.', '://'),
}: GithubOptions = {}) =>
  defineConnector({
    id: 'github',
    name: 'GitHub',
    description: 'Issues, comments and pull requests of GitHub repositories.',
    docsUrl: 'https://docs.github.com/en/rest?apiVersion=2022-11-28',
    version: '0.1.0',
    category: 'source-control',
    auth: githubAuth({ origin, basePath: basePath ?? '', oauthOrigin }),
    origin,
    ...(basePath === undefined ? {} : { basePath }),
    // GitHub answers 403 to a request without a user agent.
    headers: githubHeaders,
    apiVersion: { header: 'x-github-api-version', value: githubVersion },
    resources: githubResources,
    requestIdHeader: 'x-github-request-id',
    actions: { create_issue: createIssue, add_comment: addComment, merge_pull_request: mergePullRequest },
    triggers: {
      'issue.opened': issueOpened,
      'pull_request.opened': pullRequestOpened,
      'pull_request.merged': pullRequestMerged,
      'comment.created': commentCreated,
      'commits.pushed': commitsPushed,
      'deployment.created': deploymentCreated,
      'deployment.status_changed': deploymentStatusChanged,
      'check_run.completed': checkRunCompleted,
    },
    enrichers: githubEnrichers,
    evidence: githubEvidence,
    webhook: githubWebhook,
    mapError: mapGithubError,
    rateLimit: rateLimits.known.github,
    healthCheck: ({ http }) => checkHealth(http),
  });

/** The token of an installation is nobody's, so GitHub answers 403 for its user: then the owner of what it reaches is the account. */
async function checkHealth(http: ConnectorHttp): Promise<HealthReport> {
  try {
    const user = await http.get(path`/user`, { response: userSchema });
    return { healthy: true, account: { id: String(user.id), name: user.login } };
  } catch (error) {
    if (!isPatchbayError(error) || error.code !== 'permission_denied') throw error;
    const installed = http.get(path`/installation/repositories`, { query: { per_page: 1 }, response: installedSchema });
    const { repositories } = await installed.catch(() => Promise.reject(error));
    const [owner] = repositories.map((repository) => repository.owner);
    return { healthy: true, ...(owner ? { account: { id: String(owner.id), name: owner.login } } : {}) };
  }
}
