import { defineConnector, path } from '@patchbay/core';
import { addComment } from './actions/add-comment.ts';
import { createIssue } from './actions/create-issue.ts';
import { mergePullRequest } from './actions/merge-pull-request.ts';
import { githubAuth } from './github-auth.ts';
import { mapGithubError, readGithubRateLimit } from './github-error.ts';
import { githubResources } from './github-resources.ts';
import { userSchema } from './github-schemas.ts';
import { commentCreated } from './triggers/comment-created.ts';
import { issueOpened } from './triggers/issue-opened.ts';
import { pullRequestOpened } from './triggers/pull-request-opened.ts';
import { githubWebhook } from './webhook.ts';

/** Where GitHub is. For an Enterprise Server: `{ origin: 'https://github.example.com', basePath: '/api/v3' }`. */
export interface GithubOptions {
  /** @default 'https://api.github.com' */
  readonly origin?: string;
  /** Prefix of every path. @default none */
  readonly basePath?: string;
}

/** The GitHub connector: issues, comments and pull requests over the REST API, version 2022-11-28. */
export const github = (options: GithubOptions = {}) =>
  defineConnector({
    id: 'github',
    name: 'GitHub',
    description: 'Issues, comments and pull requests of GitHub repositories.',
    docsUrl: 'https://docs.github.com/en/rest?apiVersion=2022-11-28',
    version: '0.1.0',
    category: 'source-control',
    auth: githubAuth,
    origin: options.origin ?? 'https://api.github.com',
    ...(options.basePath === undefined ? {} : { basePath: options.basePath }),
    // GitHub answers 403 to a request without a user agent. A version without the header would be whatever is newest.
    headers: { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28', 'user-agent': 'patchbay' },
    resources: githubResources,
    requestIdHeader: 'x-github-request-id',
    actions: { create_issue: createIssue, add_comment: addComment, merge_pull_request: mergePullRequest },
    triggers: { 'issue.opened': issueOpened, 'pull_request.opened': pullRequestOpened, 'comment.created': commentCreated },
    webhook: githubWebhook,
    mapError: mapGithubError,
    rateLimit: readGithubRateLimit,
    async healthCheck({ http }) {
      const user = await http.get(path`/user`, { response: userSchema });
      return { healthy: true, account: { id: String(user.id), name: user.login } };
    },
  });
