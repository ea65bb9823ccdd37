import type { Json } from '@patchbay/core';
import { systemClock } from '@patchbay/core/adapter';
import { bearerOf, type FakeAppOptions, type FakeGrants, fakeGrants } from './fake-grants.ts';
import { type FakeJiraSite, jiraOAuthRoutes } from './fake-jira-oauth.ts';
import { type FakeJiraWebhook, jiraWebhookRoutes } from './fake-jira-webhooks.ts';
import { type FakeProvider, startFakeProvider } from './fake-provider.ts';
import type { ProviderHandler, ProviderReply, ProviderRoutes } from './provider-reply.ts';
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

/** An issue of the stand-in. */
export interface FakeJiraIssue {
  readonly id: string;
  readonly key: string;
  readonly fields: Record<string, unknown>;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly comments: {
    readonly id: string;
    readonly body: unknown;
    readonly created: string;
    readonly properties: Readonly<Record<string, unknown>>;
  }[];
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

interface State {
  readonly projects: readonly string[];
  readonly issues: FakeJiraIssue[];
  readonly webhooks: FakeJiraWebhook[];
  readonly searchLag: number;
  readonly now: () => number;
  ids: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** Starts the stand-in. It refuses another account with 401. */
export async function fakeJira(options: FakeJiraOptions): Promise<FakeJira> {
  const state: State = {
    projects: options.projects ?? ['OPS'],
    issues: [],
    webhooks: [],
    searchLag: options.searchLag ?? 0,
    now: options.now ?? systemClock.now,
    ids: 10_000,
  };
  const { app, now = systemClock.now } = options;
  const prefixes = { access: 'eyJ', refresh: 'eyR' };
  const grants = app && fakeGrants({ expiresIn: 3_600, ...app, now, scopeSeparator: ' ', prefixes });
  const sites = app?.sites ?? [{ id: '11111111-2222-4333-8444-555555555555', name: 'acme' }];
  const expected = `Basic ${Buffer.from(`${options.email}:${options.token}`).toString('base64')}`;
  const routes = Object.entries(routesOf(state)).flatMap(([route, handler]) => [
    [route.replace(' ', ' /rest/api/3'), guarded(handler, ({ headers }) => headers['authorization'] === expected)] as const,
    [route.replace(' ', ' /ex/jira/:cloud/rest/api/3'), guarded(handler, (request) => isGranted(request, sites, grants))] as const,
  ]);
  const provider = await startFakeProvider({
    routes: { ...Object.fromEntries(routes), ...(grants ? jiraOAuthRoutes(grants, sites) : {}) },
    handler: () => failure(404, 'No such resource.'),
    idempotencyKeyOf: ({ body }) => /"key":"patchbay","value":\{"key":"([\w-]+)"/.exec(body)?.[1],
    limitBody: { errorMessages: ['Rate limit exceeded.'], errors: {} },
  });
  return {
    ...provider,
    tokens: () => grants?.tokens() ?? [],
    issues: () => state.issues,
    webhooks: state.webhooks,
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

function routesOf(state: State): ProviderRoutes {
  const nextId = (): number => {
    state.ids += 1;
    return state.ids;
  };
  return {
    ...jiraWebhookRoutes(state.webhooks, { now: state.now, nextId }),
    'GET /myself': () => ({ json: { accountId: '5b10ac8d82e05b22cc7d4ef5', displayName: 'Patchbay', active: true } }),
    'POST /issue': (request) => create(state, request),
    'PUT /issue/:key': (request) => {
      const issue = issueOf(state, request);
      if (!issue) return noIssue();
      Object.assign(issue.fields, objectOf(objectOf(request.json)['fields']));
      return { status: 204, effect: true };
    },
    'POST /issue/:key/comment': (request) => comment(state, request),
    'GET /issue/:key/comment': (request) => listComments(issueOf(state, request), request),
    'GET /comment/:id/properties/:name': ({ parameters: { id, name = '' } }) => {
      const found = state.issues.flatMap(({ comments }) => comments).find((one) => one.id === id);
      const value = found?.properties[name];
      return value === undefined ? failure(404, `The property with key ${name} does not exist.`) : { json: asJson({ key: name, value }) };
    },
    'GET /search/jql': (request) => search(state, request),
    'POST /issue/bulkfetch': ({ json, headers }) => {
      const { issueIdsOrKeys, properties } = objectOf(json);
      const wanted = new Set(Array.isArray(issueIdsOrKeys) ? issueIdsOrKeys.map(String) : []);
      const names = Array.isArray(properties) ? properties.map(String) : [];
      return {
        json: asJson({
          issues: state.issues.filter(({ key }) => wanted.has(key)).map((issue) => show(issue, names, headers['host'])),
          issueErrors: [],
        }),
      };
    },
  };
}

function create(state: State, { json, headers }: ProviderRequest): ProviderReply {
  const { fields, properties } = objectOf(json);
  const given = objectOf(fields);
  const project = String(objectOf(given['project'])['key']);
  if (!state.projects.includes(project))
    return { status: 400, json: { errorMessages: [], errors: { project: 'Specify a valid project ID or key' } } };
  if (typeof given['summary'] !== 'string')
    return { status: 400, json: { errorMessages: [], errors: { summary: 'You must specify a summary of the issue.' } } };
  if (given['description'] !== undefined && objectOf(given['description'])['type'] !== 'doc') {
    return {
      status: 400,
      json: {
        errorMessages: [],
        errors: { description: 'Operation value must be an Atlassian Document (see the Atlassian Document Format)' },
      },
    };
  }
  const { id, key } = addIssue(state, project, given, propertiesOf(properties));
  return { status: 201, json: { id, key, self: selfOf(headers['host'], `issue/${id}`) }, effect: true };
}

function addIssue(state: State, project: string, fields: Fields, properties: Fields): FakeJiraIssue {
  state.ids += 1;
  const number = state.issues.filter(({ key }) => key.startsWith(`${project}-`)).length + 1;
  const issue: FakeJiraIssue = {
    id: String(state.ids),
    key: `${project}-${number}`,
    fields: { ...fields, created: timeOf(state) },
    properties,
    comments: [],
  };
  state.issues.push(issue);
  return issue;
}

function comment(state: State, request: ProviderRequest): ProviderReply {
  const issue = issueOf(state, request);
  if (!issue) return noIssue();
  const { body, properties } = objectOf(request.json);
  if (objectOf(body)['type'] !== 'doc') return failure(400, 'Comment body is not valid!');
  state.ids += 1;
  const added = { id: String(state.ids), body, created: timeOf(state), properties: propertiesOf(properties) };
  issue.comments.push(added);
  return {
    status: 201,
    json: asJson({
      id: added.id,
      self: selfOf(request.headers['host'], `issue/${issue.id}/comment/${added.id}`),
      created: added.created,
      body,
    }),
    effect: true,
  };
}

function listComments(issue: FakeJiraIssue | undefined, { query, headers }: ProviderRequest): ProviderReply {
  if (!issue) return noIssue();
  const startAt = Number(query.get('startAt') ?? 0);
  const maxResults = Number(query.get('maxResults') ?? 50);
  const ordered = query.get('orderBy') === '-created' ? issue.comments.toReversed() : issue.comments;
  const comments = ordered
    .slice(startAt, startAt + maxResults)
    .map(({ properties: _, ...one }) => ({ ...one, self: selfOf(headers['host'], `issue/${issue.id}/comment/${one.id}`) }));
  return { json: asJson({ startAt, maxResults, total: ordered.length, comments }) };
}

function search(state: State, { query, headers }: ProviderRequest): ProviderReply {
  const project = /^project = "([A-Za-z0-9_]+)" ORDER BY created DESC$/.exec(query.get('jql') ?? '')?.[1];
  if (project === undefined) return failure(400, 'The stand-in does not know this JQL.');
  if (!state.projects.includes(project)) return failure(400, `The value '${project}' does not exist for the field 'project'.`);
  const start = Number(query.get('nextPageToken') ?? 0);
  const size = Number(query.get('maxResults') ?? 50);
  const listed = state.issues
    .slice(0, state.issues.length - state.searchLag)
    .filter(({ key }) => key.startsWith(`${project}-`))
    .toReversed();
  const names = (query.get('properties') ?? '').split(',');
  const issues = listed.slice(start, start + size).map((issue) => show(issue, names, headers['host']));
  return { json: asJson(start + size < listed.length ? { issues, nextPageToken: String(start + size) } : { issues, isLast: true }) };
}

function show({ id, key, fields, properties }: FakeJiraIssue, names: readonly string[], host: string | undefined): object {
  const shown = Object.fromEntries(names.filter((name) => properties[name] !== undefined).map((name) => [name, properties[name]]));
  return { id, key, self: selfOf(host, `issue/${id}`), fields: { created: fields['created'] }, properties: shown };
}

/** As Jira writes times: without a colon in the offset. */
const timeOf = ({ now }: State): string => new Date(now()).toISOString().replace('Z', '+0000');

const selfOf = (host: string | undefined, rest: string): string => `http://${host}/rest/api/3/${rest}`;

const issueOf = ({ issues }: State, { parameters }: ProviderRequest): FakeJiraIssue | undefined =>
  issues.find(({ key, id }) => key === parameters['key'] || id === parameters['key']);

function propertiesOf(given: unknown): Fields {
  return Object.fromEntries(
    (Array.isArray(given) ? given : []).map((property) => [String(objectOf(property)['key']), objectOf(property)['value']]),
  );
}

function objectOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

const asJson = (value: object): Json => JSON.parse(JSON.stringify(value));

const failure = (status: number, message: string): ProviderReply => ({ status, json: { errorMessages: [message], errors: {} } });

const noIssue = (): ProviderReply => failure(404, 'Issue does not exist or you do not have permission to see it.');
