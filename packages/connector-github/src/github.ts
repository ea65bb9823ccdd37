import { type ConnectorHttp, defineConnector, type HealthReport, isPatchbayError, path, rateLimits } from '@patchbay/core';
import { comments } from './content/comments.ts';
import { issues } from './content/issues.ts';
import { githubEnrichers } from './enrichers.ts';
import { githubEvidence } from './evidence.ts';
import { githubActions } from './github-actions.ts';
import { githubAuth, githubHeaders, githubVersion, impliedScopes } from './github-auth.ts';
import { mapGithubError } from './github-error.ts';
import { githubResources } from './github-resources.ts';
import { installedSchema, userSchema } from './github-schemas.ts';
import { githubTriggers } from './github-triggers.ts';
import { assignees } from './options/assignees.ts';
import { branches } from './options/branches.ts';
import { labels } from './options/labels.ts';
import { milestones } from './options/milestones.ts';
import { repositories } from './options/repositories.ts';
import { workflows } from './options/workflows.ts';
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

/** The GitHub connector: issues, pull requests, files, releases and workflows over the REST API, version 2022-11-28, and GraphQL. */
export const github = ({
  origin = 'https://api.github.com',
  basePath,
  oauthOrigin = origin.replace('://api.', '://'),
}: GithubOptions = {}) =>
  defineConnector({
    id: 'github',
    name: 'GitHub',
    description: 'Issues, pull requests, files, releases and workflows of GitHub repositories.',
    docsUrl: 'https://docs.github.com/en/rest?apiVersion=2022-11-28',
    version: '0.1.0',
    category: 'source-control',
    auth: githubAuth({ origin, basePath: basePath ?? '', oauthOrigin }),
    origin,
    ...(basePath === undefined ? {} : { basePath }),
    // GitHub answers 403 to a request without a user agent.
    headers: githubHeaders,
    apiVersion: { header: 'x-github-api-version', value: githubVersion },
    hosts: { graphql: { origin, ...graphqlBase(basePath), credential: true } },
    impliedScopes,
    resources: githubResources,
    requestIdHeader: 'x-github-request-id',
    actions: githubActions,
    triggers: githubTriggers,
    options: { repositories, branches, labels, assignees, milestones, workflows },
    content: { issues, comments },
    enrichers: githubEnrichers,
    evidence: githubEvidence,
    webhook: githubWebhook,
    mapError: mapGithubError,
    rateLimit: rateLimits.known.github,
    healthCheck: ({ http }) => checkHealth(http),
  });

/** GraphQL stands beside version 3 of the REST API, not below it: https://docs.github.com/en/enterprise-server/graphql/guides/forming-calls-with-graphql */
function graphqlBase(basePath: string | undefined): { readonly basePath?: string } {
  const above = basePath?.replace(/\/v3$/, '') ?? '';
  return above === '' ? {} : { basePath: above };
}

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
