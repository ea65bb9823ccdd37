import type { Json } from '@patchbay/core';
import type { ProviderReply, ProviderRoutes } from './provider-reply.ts';
import type { ProviderRequest } from './provider-request.ts';

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

/** The issues that the stand-in keeps. */
export interface JiraIssues {
  readonly projects: readonly string[];
  /** Oldest first. */
  readonly issues: FakeJiraIssue[];
  readonly searchLag: number;
  readonly now: () => number;
  /** The last id that was given: issues, comments and webhooks count on together. */
  ids: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** The next id. */
export function nextId(state: JiraIssues): number {
  state.ids += 1;
  return state.ids;
}

/** The routes of issues and their comments. */
export function jiraIssueRoutes(state: JiraIssues): ProviderRoutes {
  return {
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
      return value === undefined
        ? jiraFailure(404, `The property with key ${name} does not exist.`)
        : { json: asJson({ key: name, value }) };
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

function create(state: JiraIssues, { json, headers }: ProviderRequest): ProviderReply {
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

/** Adds an issue of a project. */
export function addIssue(state: JiraIssues, project: string, fields: Fields, properties: Fields): FakeJiraIssue {
  const id = String(nextId(state));
  const number = state.issues.filter(({ key }) => key.startsWith(`${project}-`)).length + 1;
  const issue: FakeJiraIssue = {
    id,
    key: `${project}-${number}`,
    fields: { ...fields, created: timeOf(state) },
    properties,
    comments: [],
  };
  state.issues.push(issue);
  return issue;
}

function comment(state: JiraIssues, request: ProviderRequest): ProviderReply {
  const issue = issueOf(state, request);
  if (!issue) return noIssue();
  const { body, properties } = objectOf(request.json);
  if (objectOf(body)['type'] !== 'doc') return jiraFailure(400, 'Comment body is not valid!');
  const added = { id: String(nextId(state)), body, created: timeOf(state), properties: propertiesOf(properties) };
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

function search(state: JiraIssues, { query, headers }: ProviderRequest): ProviderReply {
  const project = /^project = "([A-Za-z0-9_]+)" ORDER BY created DESC$/.exec(query.get('jql') ?? '')?.[1];
  if (project === undefined) return jiraFailure(400, 'The stand-in does not know this JQL.');
  if (!state.projects.includes(project)) return jiraFailure(400, `The value '${project}' does not exist for the field 'project'.`);
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
const timeOf = ({ now }: JiraIssues): string => new Date(now()).toISOString().replace('Z', '+0000');

const selfOf = (host: string | undefined, rest: string): string => `http://${host}/rest/api/3/${rest}`;

const issueOf = ({ issues }: JiraIssues, { parameters }: ProviderRequest): FakeJiraIssue | undefined =>
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

/** A refusal as Jira words them. */
export const jiraFailure = (status: number, message: string): ProviderReply => ({ status, json: { errorMessages: [message], errors: {} } });

const noIssue = (): ProviderReply => jiraFailure(404, 'Issue does not exist or you do not have permission to see it.');
