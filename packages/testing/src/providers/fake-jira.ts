import { systemClock } from '@patchbay/core/adapter';
import { bearerOf, type FakeAppOptions, type FakeGrants, fakeGrants } from './fake-grants.ts';
import { addIssue, type FakeJiraIssue, type JiraIssues, jiraFailure, jiraIssueRoutes, nextId } from './fake-jira-issues.ts';
import { type FakeJiraSite, jiraOAuthRoutes } from './fake-jira-oauth.ts';
import { type FakeJiraWebhook, jiraWebhookRoutes } from './fake-jira-webhooks.ts';
import { type FakeProvider, startFakeProvider } from './fake-provider.ts';
import type { ProviderHandler, ProviderRoutes } from './provider-reply.ts';
import type { ProviderRequest } from './provider-request.ts';

/** What {@link fakeJira} is given. */
export interface FakeJiraOptions {
  /** The one account that is let in. */
  readonly email: string;
  readonly token: string;
  /** Keys of the projects. @default ['OPS'] */
  readonly projects?: readonly string[];
  /** Newest issues that the search does not know yet: it lags behind what was written. @default 0 */
  readonly searchLag?: number;
  /** An app whose grants are let in too, below `/ex/jira/{cloud id}`; its tokens end after an hour. @default none */
  readonly app?: FakeAppOptions & {
    /** @default one, acme */
    readonly sites?: readonly FakeJiraSite[];
  };
  /** Milliseconds since 1970. @default the machine's clock */
  readonly now?: () => number;
}

/** A stand-in for Jira Cloud's REST API, version 3: issues, comments, properties, search and webhooks, as far as the connector uses them. */
export interface FakeJira extends FakeProvider {
  /** All issues, oldest first. */
  issues(): readonly FakeJiraIssue[];
  /** Every token that the app's grants have had. */
  tokens(): readonly string[];
  /** What the app has registered; one that is put in here another program of it has. */
  readonly webhooks: FakeJiraWebhook[];
  /** Adds an issue of the first project. */
  addIssue(summary: string): FakeJiraIssue;
}

/** Starts the stand-in. It refuses another account with 401. */
export async function fakeJira(options: FakeJiraOptions): Promise<FakeJira> {
  const webhooks: FakeJiraWebhook[] = [];
  const state: JiraIssues = {
    projects: options.projects ?? ['OPS'],
    issues: [],
    searchLag: options.searchLag ?? 0,
    now: options.now ?? systemClock.now,
    ids: 10_000,
  };
  const { app, now = systemClock.now } = options;
  const prefixes = { access: 'eyJ', refresh: 'eyR' };
  const grants = app && fakeGrants({ expiresIn: 3_600, ...app, now, scopeSeparator: ' ', prefixes });
  const sites = app?.sites ?? [{ id: '11111111-2222-4333-8444-555555555555', name: 'acme' }];
  const expected = `Basic ${Buffer.from(`${options.email}:${options.token}`).toString('base64')}`;
  const routes = Object.entries(routesOf(state, webhooks)).flatMap(([route, handler]) => [
    [route.replace(' ', ' /rest/api/3'), guarded(handler, ({ headers }) => headers['authorization'] === expected)] as const,
    [route.replace(' ', ' /ex/jira/:cloud/rest/api/3'), guarded(handler, (request) => isGranted(request, sites, grants))] as const,
  ]);
  const provider = await startFakeProvider({
    routes: { ...Object.fromEntries(routes), ...(grants ? jiraOAuthRoutes(grants, sites) : {}) },
    handler: () => jiraFailure(404, 'No such resource.'),
    idempotencyKeyOf: ({ body }) => /"key":"patchbay","value":\{"key":"([\w-]+)"/.exec(body)?.[1],
    limitBody: { errorMessages: ['Rate limit exceeded.'], errors: {} },
  });
  return {
    ...provider,
    tokens: () => grants?.tokens() ?? [],
    issues: () => state.issues,
    webhooks,
    addIssue: (summary) => addIssue(state, state.projects[0] ?? '', { summary }, {}),
  };
}

function guarded(handler: ProviderHandler, isLetIn: (request: ProviderRequest) => boolean): ProviderHandler {
  return (request) =>
    isLetIn(request)
      ? handler(request)
      : { status: 401, json: { errorMessages: ['Client must be authenticated to access this resource.'], errors: {} } };
}

/** A grant is let in at the sites that it reaches. */
function isGranted(request: ProviderRequest, sites: readonly FakeJiraSite[], grants: FakeGrants | undefined): boolean {
  return sites.some(({ id }) => id === request.parameters['cloud']) && grants?.find(bearerOf(request)) !== undefined;
}

function routesOf(state: JiraIssues, webhooks: FakeJiraWebhook[]): ProviderRoutes {
  return {
    ...jiraWebhookRoutes(webhooks, { now: state.now, nextId: () => nextId(state) }),
    'GET /myself': () => ({ json: { accountId: '5b10ac8d82e05b22cc7d4ef5', displayName: 'Patchbay', active: true } }),
    ...jiraIssueRoutes(state),
  };
}
