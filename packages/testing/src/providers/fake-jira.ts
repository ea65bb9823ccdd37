import { systemClock } from '@patchbay/core/adapter';
import { bearerOf, type FakeAppOptions, type FakeGrants, fakeGrants } from './fake-grants.ts';
import { jiraAgileRoutes } from './fake-jira-agile.ts';
import { jiraAttachmentRoutes } from './fake-jira-attachments.ts';
import { addComment, jiraCommentRoutes } from './fake-jira-comments.ts';
import { addIssue, jiraIssueRoutes, setFields } from './fake-jira-issues.ts';
import { type FakeJiraSite, jiraOAuthRoutes } from './fake-jira-oauth.ts';
import { jiraPeopleRoutes } from './fake-jira-people.ts';
import { jiraProjectRoutes } from './fake-jira-projects.ts';
import {
  type FakeJiraAttachment,
  type FakeJiraIssue,
  type FakeJiraLink,
  type FakeJiraVersion,
  type Fields,
  type JiraState,
  jiraFailure,
  nextId,
  projectId,
  timeOf,
} from './fake-jira-state.ts';
import { type FakeJiraWebhook, jiraWebhookRoutes } from './fake-jira-webhooks.ts';
import { jiraWorkflowRoutes } from './fake-jira-workflow.ts';
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
  /** Time zone of the account, in which JQL is read. @default 'UTC' */
  readonly timeZone?: string;
  /** An app whose grants are let in too, below `/ex/jira/{cloud id}`; its tokens end after an hour. @default none */
  readonly app?: FakeAppOptions & {
    /** @default one, acme */
    readonly sites?: readonly FakeJiraSite[];
  };
  /** Milliseconds since 1970. @default the machine's clock */
  readonly now?: () => number;
}

/** A stand-in for Jira Cloud's REST API, version 3, and its agile API, as far as the connector uses them. */
export interface FakeJira extends FakeProvider {
  /** All issues, oldest first. */
  issues(): readonly FakeJiraIssue[];
  /** Every token that the app's grants have had. */
  tokens(): readonly string[];
  /** What the app has registered; one that is put in here another program of it has. */
  readonly webhooks: FakeJiraWebhook[];
  /** Everything that writing changes, as plain data. */
  held(): FakeJiraHolding;
  /** Adds an issue of the first project. */
  addIssue(summary: string): FakeJiraIssue;
  /** Changes fields of an issue, as a person would. */
  changeIssue(key: string, fields: Fields): void;
  /** Adds a comment to an issue, as a person would. */
  addComment(key: string, body: unknown): void;
  /** Attaches a text to an issue, as a person would. */
  addAttachment(key: string, filename: string, content: string): FakeJiraAttachment;
  /** Adds a version to the first project. */
  addVersion(name: string): FakeJiraVersion;
}

/** What the stand-in holds. */
export interface FakeJiraHolding {
  readonly issues: readonly unknown[];
  readonly versions: readonly FakeJiraVersion[];
  readonly links: readonly FakeJiraLink[];
  readonly mails: readonly Fields[];
}

/** Starts the stand-in. It refuses another account with 401. */
export async function fakeJira(options: FakeJiraOptions): Promise<FakeJira> {
  const webhooks: FakeJiraWebhook[] = [];
  const state = stateOf(options);
  const { app, now = systemClock.now } = options;
  const prefixes = { access: 'eyJ', refresh: 'eyR' };
  const grants = app && fakeGrants({ expiresIn: 3_600, ...app, now, graceMs: 600_000, scopeSeparator: ' ', prefixes });
  const sites = app?.sites ?? [{ id: '11111111-2222-4333-8444-555555555555', name: 'acme' }];
  const expected = `Basic ${Buffer.from(`${options.email}:${options.token}`).toString('base64')}`;
  const routes = Object.entries(routesOf(state, webhooks)).flatMap(([route, handler]) => [
    [route.replace(' ', ' /rest'), guarded(handler, ({ headers }) => headers['authorization'] === expected)] as const,
    [route.replace(' ', ' /ex/jira/:cloud/rest'), guarded(handler, (request) => isGranted(request, sites, grants))] as const,
  ]);
  const provider = await startFakeProvider({
    routes: { ...Object.fromEntries(routes), ...(grants ? jiraOAuthRoutes(grants, sites) : {}) },
    handler: () => jiraFailure(404, 'No such resource.'),
    idempotencyKeyOf: ({ body }) => /"key":"patchbay","value":\{"key":"([\w-]+)"/.exec(body)?.[1],
    limitBody: { errorMessages: ['Rate limit exceeded.'], errors: {} },
  });
  return { ...provider, ...worldOf(state), tokens: () => grants?.tokens() ?? [], webhooks };
}

function stateOf({ projects = ['OPS'], searchLag = 0, timeZone = 'UTC', now = systemClock.now }: FakeJiraOptions): JiraState {
  return { projects, searchLag, timeZone, now, issues: [], versions: [], links: [], mails: [], ids: 10_000 };
}

/** What a test sees of it, and does in it as a person would. */
function worldOf(state: JiraState): Omit<FakeJira, 'tokens' | 'webhooks' | keyof FakeProvider> {
  const own = (key: string): FakeJiraIssue => {
    const found = state.issues.find((issue) => issue.key === key);
    if (!found) throw new Error(`The stand-in has no issue ${key}.`);
    return found;
  };
  const [project = ''] = state.projects;
  return {
    issues: () => state.issues,
    held: () => ({
      // Every write touches the time of the last change and the history.
      issues: state.issues.map(({ changes: _, fields: { updated: __, ...fields }, ...issue }) => ({ ...issue, fields })),
      versions: state.versions,
      links: state.links,
      mails: state.mails,
    }),
    addIssue: (summary) => addIssue(state, project, { summary }, {}),
    changeIssue: (key, fields) => setFields(state, own(key), fields),
    addComment: (key, body) => void addComment(state, own(key), body, {}),
    addAttachment(key, filename, content) {
      const made = { id: String(nextId(state)), filename, content, mimeType: 'text/plain', created: timeOf(state) };
      own(key).attachments.push(made);
      return made;
    },
    addVersion(name) {
      const made: FakeJiraVersion = { id: String(nextId(state)), projectId: projectId(state, project), name, fields: {} };
      state.versions.push(made);
      return made;
    },
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

function routesOf(state: JiraState, webhooks: FakeJiraWebhook[]): ProviderRoutes {
  return {
    ...jiraWebhookRoutes(webhooks, { now: state.now, nextId: () => nextId(state) }),
    ...jiraPeopleRoutes(state),
    ...jiraProjectRoutes(state),
    ...jiraIssueRoutes(state),
    ...jiraWorkflowRoutes(state),
    ...jiraCommentRoutes(state),
    ...jiraAttachmentRoutes(state),
    ...jiraAgileRoutes(state),
  };
}
