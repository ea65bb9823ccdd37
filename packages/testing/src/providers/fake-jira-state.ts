import type { Json } from '@patchbay/core';
import type { ProviderReply } from './provider-reply.ts';
import type { ProviderRequest } from './provider-request.ts';

/** Fields of an object by name. */
export type Fields = Readonly<Record<string, unknown>>;

/** A comment or an entry of work of the stand-in. */
export interface FakeJiraEntry {
  readonly id: string;
  readonly created: string;
  readonly properties: Fields;
  /** The further fields of its kind. */
  fields: Fields;
}

/** A comment of the stand-in. */
export interface FakeJiraComment {
  readonly id: string;
  body: unknown;
  readonly created: string;
  readonly properties: Fields;
}

/** A file of an issue of the stand-in. */
export interface FakeJiraAttachment {
  readonly id: string;
  readonly filename: string;
  readonly mimeType: string;
  readonly content: string;
  readonly created: string;
}

/** An issue of the stand-in. */
export interface FakeJiraIssue {
  readonly id: string;
  readonly key: string;
  readonly fields: Record<string, unknown>;
  readonly properties: Fields;
  readonly comments: FakeJiraComment[];
  readonly worklogs: FakeJiraEntry[];
  readonly watchers: string[];
  readonly attachments: FakeJiraAttachment[];
  readonly remoteLinks: { readonly id: number; readonly globalId: string; object: unknown }[];
  /** What was changed, the oldest first. */
  readonly changes: { readonly id: string; readonly created: string; readonly items: readonly Fields[] }[];
  sprint: number | null;
}

/** A version of a project of the stand-in. */
export interface FakeJiraVersion {
  readonly id: string;
  readonly projectId: number;
  readonly name: string;
  fields: Fields;
}

/** A link between two issues of the stand-in, by their ids. */
export interface FakeJiraLink {
  readonly type: string;
  readonly inward: string;
  readonly outward: string;
}

/** What the stand-in keeps. */
export interface JiraState {
  readonly projects: readonly string[];
  /** Oldest first. */
  readonly issues: FakeJiraIssue[];
  readonly versions: FakeJiraVersion[];
  readonly links: FakeJiraLink[];
  /** Mail that was sent about issues. */
  readonly mails: Fields[];
  readonly searchLag: number;
  readonly timeZone: string;
  readonly now: () => number;
  /** The last id that was given: everything counts on together. */
  ids: number;
}

/** People of the stand-in. The first is the account that is let in. */
export const people = [
  { accountId: '5b10ac8d82e05b22cc7d4ef5', displayName: 'Patchbay', active: true, accountType: 'atlassian' },
  { accountId: '5b10a2844c20165700ede21g', displayName: 'Ann Hunter', active: true, accountType: 'atlassian' },
  { accountId: '557058:f58131cb-b67d-43c7-b30d-6b58d40bd077', displayName: 'Automation', active: true, accountType: 'app' },
] as const;

/** The next id. */
export function nextId(state: JiraState): number {
  state.ids += 1;
  return state.ids;
}

/** The id of a project: they count from 10000. */
export const projectId = (state: JiraState, key: string): number => 10_000 + state.projects.indexOf(key);

/** The key of the project that a key or an id names. */
export function projectOf(state: JiraState, keyOrId: unknown): string | undefined {
  const wanted = String(keyOrId).toUpperCase();
  return state.projects.find((key) => key === wanted || String(projectId(state, key)) === wanted);
}

/** As Jira writes times: without a colon in the offset. */
export const timeOf = ({ now }: Pick<JiraState, 'now'>): string => new Date(now()).toISOString().replace('Z', '+0000');

/** Where a thing stands in the API. */
export const selfOf = (host: string | undefined, rest: string): string => `http://${host}/rest/api/3/${rest}`;

/** The issue that a request names. */
export const issueOf = ({ issues }: JiraState, { parameters }: ProviderRequest): FakeJiraIssue | undefined =>
  issues.find(({ key, id }) => key === parameters['key']?.toUpperCase() || id === parameters['key']);

/** The issue that a request names, handed to what answers it; refused where there is none. */
export function withIssue(state: JiraState, answer: (issue: FakeJiraIssue, request: ProviderRequest) => ProviderReply) {
  return (request: ProviderRequest): ProviderReply => {
    const issue = issueOf(state, request);
    return issue ? answer(issue, request) : noIssue();
  };
}

/** Properties as they are given with what is created. */
export function propertiesOf(given: unknown): Fields {
  return Object.fromEntries(
    (Array.isArray(given) ? given : []).map((property) => [String(objectOf(property)['key']), objectOf(property)['value']]),
  );
}

/** The fields of an object; none where it is no object. */
export function objectOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** A list of texts; none where it is no list. */
export const textsOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** A value as it goes into an answer. */
export const asJson = (value: object): Json => JSON.parse(JSON.stringify(value));

/** A page of a listing by offset, under the name of its items. */
export function offsetPage({ query }: ProviderRequest, items: readonly object[], name = 'values'): ProviderReply {
  const startAt = Number(query.get('startAt') ?? 0);
  const maxResults = Number(query.get('maxResults') ?? 50);
  const page = items.slice(startAt, startAt + maxResults);
  const isLast = startAt + page.length >= items.length;
  return { json: asJson({ startAt, maxResults, total: items.length, ...(name === 'values' ? { isLast } : {}), [name]: page }) };
}

/** A refusal as Jira words them. */
export const jiraFailure = (status: number, message: string): ProviderReply => ({ status, json: { errorMessages: [message], errors: {} } });

/** A refusal for a field's sake. */
export const fieldFailure = (field: string, message: string): ProviderReply => ({
  status: 400,
  json: { errorMessages: [], errors: { [field]: message } },
});

/** The refusal of an issue that is not there. */
export const noIssue = (): ProviderReply => jiraFailure(404, 'Issue does not exist or you do not have permission to see it.');
