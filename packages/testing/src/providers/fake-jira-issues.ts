import { searchIssues } from './fake-jira-search.ts';
import {
  asJson,
  type FakeJiraIssue,
  type Fields,
  fieldFailure,
  type JiraState,
  jiraFailure,
  nextId,
  objectOf,
  propertiesOf,
  selfOf,
  textsOf,
  timeOf,
  withIssue,
} from './fake-jira-state.ts';
import { shownSteps } from './fake-jira-steps.ts';
import type { ProviderReply, ProviderRoutes } from './provider-reply.ts';
import type { ProviderRequest } from './provider-request.ts';

/** The routes of issues: creating, reading, changing, deleting, searching. */
export function jiraIssueRoutes(state: JiraState): ProviderRoutes {
  return {
    'POST /api/3/issue': (request) => {
      const made = create(state, request.json, request.headers['host']);
      return 'refusal' in made ? made.refusal : { status: 201, json: asJson(made.shown), effect: true };
    },
    'POST /api/3/issue/bulk': (request) => createMany(state, request),
    'GET /api/3/issue/:key': withIssue(state, (issue, request) => ({
      json: asJson({
        ...show(issue, [], request.headers['host']),
        fields: shownFields(issue, request.query.getAll('fields')),
        ...(request.query.get('expand') === 'transitions' ? { transitions: shownSteps(issue.fields['status']) } : {}),
      }),
    })),
    'PUT /api/3/issue/:key': withIssue(state, (issue, { json }) => {
      setFields(state, issue, objectOf(objectOf(json)['fields']));
      return { status: 204, effect: true };
    }),
    'DELETE /api/3/issue/:key': withIssue(state, (issue, { query }) => {
      const children = state.issues.filter(({ fields }) => objectOf(fields['parent'])['key'] === issue.key);
      if (children.length > 0 && query.get('deleteSubtasks') !== 'true') return jiraFailure(400, `The issue '${issue.key}' has subtasks.`);
      const gone = new Set([issue, ...children]);
      state.issues.splice(0, state.issues.length, ...state.issues.filter((each) => !gone.has(each)));
      return { status: 204, effect: true };
    }),
    'GET /api/3/search/jql': (request) => search(state, request),
    'POST /api/3/issue/bulkfetch': ({ json, headers }) => {
      const { issueIdsOrKeys, properties } = objectOf(json);
      const wanted = new Set(textsOf(issueIdsOrKeys));
      const found = state.issues.filter(({ key }) => wanted.has(key));
      return { json: asJson({ issues: found.map((issue) => show(issue, textsOf(properties), headers['host'])), issueErrors: [] }) };
    },
  };
}

type Created = { readonly shown: object } | { readonly refusal: ProviderReply };

function create(state: JiraState, update: unknown, host: string | undefined): Created {
  const { fields, properties } = objectOf(update);
  const given = objectOf(fields);
  const project = String(objectOf(given['project'])['key']);
  if (!state.projects.includes(project)) return { refusal: fieldFailure('project', 'Specify a valid project ID or key') };
  if (typeof given['summary'] !== 'string') return { refusal: fieldFailure('summary', 'You must specify a summary of the issue.') };
  if (given['description'] !== undefined && objectOf(given['description'])['type'] !== 'doc')
    return { refusal: fieldFailure('description', 'Operation value must be an Atlassian Document (see the Atlassian Document Format)') };
  const { id, key } = addIssue(state, project, given, propertiesOf(properties));
  return { shown: { id, key, self: selfOf(host, `issue/${id}`) } };
}

/** As Jira does it: what can be created is, and what cannot is told by its number. */
function createMany(state: JiraState, { json, headers }: ProviderRequest): ProviderReply {
  const updates = objectOf(json)['issueUpdates'];
  const made = (Array.isArray(updates) ? updates : []).map((update: unknown) => create(state, update, headers['host']));
  const issues = made.flatMap((each) => ('shown' in each ? [each.shown] : []));
  const errors = made.flatMap((each, failedElementNumber) =>
    'refusal' in each ? [{ status: 400, elementErrors: each.refusal.json, failedElementNumber }] : [],
  );
  return { status: issues.length === 0 ? 400 : 201, json: asJson({ issues, errors }), effect: issues.length > 0 };
}

/** Adds an issue of a project. */
export function addIssue(state: JiraState, project: string, fields: Fields, properties: Fields): FakeJiraIssue {
  const id = String(nextId(state));
  const numbers = state.issues.filter(({ key }) => key.startsWith(`${project}-`)).map(({ key }) => Number(key.slice(project.length + 1)));
  const created = timeOf(state);
  const issue: FakeJiraIssue = {
    id,
    key: `${project}-${Math.max(0, ...numbers) + 1}`,
    fields: { status: { id: '1', name: 'To Do' }, ...fields, project: { key: project }, created, updated: created },
    properties,
    comments: [],
    worklogs: [],
    watchers: [],
    attachments: [],
    remoteLinks: [],
    changes: [],
    sprint: null,
  };
  state.issues.push(issue);
  return issue;
}

/** Changes fields of an issue, and keeps what they were. */
export function setFields(state: JiraState, issue: FakeJiraIssue, fields: Fields): void {
  const created = timeOf(state);
  const items = Object.entries(fields)
    .filter(([name, value]) => JSON.stringify(issue.fields[name]) !== JSON.stringify(value))
    .map(([field, value]) => ({
      field,
      fieldId: field,
      from: null,
      fromString: namedText(issue.fields[field]),
      to: null,
      toString: namedText(value),
    }));
  if (items.length === 0) return;
  Object.assign(issue.fields, fields, { updated: created });
  issue.changes.push({ id: String(nextId(state)), created, items });
}

function namedText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  const name = objectOf(value)['name'];
  return typeof name === 'string' ? name : null;
}

function search(state: JiraState, { query, headers }: ProviderRequest): ProviderReply {
  const listed = searchIssues(state, query.get('jql') ?? '');
  if (listed === undefined) return jiraFailure(400, 'The stand-in does not know this JQL.');
  const start = Number(query.get('nextPageToken') ?? 0);
  const size = Number(query.get('maxResults') ?? 50);
  const names = (query.get('properties') ?? '').split(',');
  const issues = listed.slice(start, start + size).map((issue) => ({
    ...show(issue, names, headers['host']),
    fields: shownFields(issue, query.getAll('fields')),
  }));
  return { json: asJson(start + size < listed.length ? { issues, nextPageToken: String(start + size) } : { issues, isLast: true }) };
}

/** The fields that were asked for. A search gives the first comments of an issue, and says how many there are. */
function shownFields({ fields, comments, attachments }: FakeJiraIssue, asked: readonly string[]): Fields {
  const all: Fields = {
    ...fields,
    comment: { comments: comments.slice(0, mostComments), total: comments.length, maxResults: mostComments, startAt: 0 },
    attachment: attachments.map((attachment) => attachmentAnswer(attachment)),
  };
  const names = asked.length === 0 ? Object.keys(all) : asked;
  return Object.fromEntries(names.filter((name) => Object.hasOwn(all, name)).map((name) => [name, all[name]]));
}

const mostComments = 20;

/** A file as Jira tells of it. */
export function attachmentAnswer({ id, filename, mimeType, content, created }: FakeJiraIssue['attachments'][number]): Fields {
  return { id, filename, mimeType, size: Buffer.byteLength(content), created };
}

function show({ id, key, fields, properties }: FakeJiraIssue, names: readonly string[], host: string | undefined): object {
  const shown = Object.fromEntries(names.filter((name) => properties[name] !== undefined).map((name) => [name, properties[name]]));
  return { id, key, self: selfOf(host, `issue/${id}`), fields: { created: fields['created'] }, properties: shown };
}
