import {
  asJson,
  type FakeJiraVersion,
  fieldFailure,
  type JiraState,
  jiraFailure,
  nextId,
  objectOf,
  offsetPage,
  people,
  projectId,
  projectOf,
} from './fake-jira-state.ts';
import type { ProviderReply, ProviderRoutes } from './provider-reply.ts';
import type { ProviderRequest } from './provider-request.ts';

const issueTypes = [
  { id: '10001', name: 'Task', description: 'A piece of work.', subtask: false },
  { id: '10002', name: 'Bug', description: 'Something is broken.', subtask: false },
  { id: '10003', name: 'Sub-task', description: '', subtask: true },
] as const;

const components = [{ id: '10100', name: 'Engine', description: 'What turns.', lead: people[0] }] as const;

const fields = [
  { id: 'summary', key: 'summary', name: 'Summary', custom: false, schema: { type: 'string', system: 'summary' } },
  {
    id: 'customfield_10011',
    key: 'customfield_10011',
    name: 'Epic Name',
    custom: true,
    schema: { type: 'string', custom: 'gh-epic-label' },
  },
] as const;

/** The routes of projects and of what a site has: versions, components, types, fields, priorities. */
export function jiraProjectRoutes(state: JiraState): ProviderRoutes {
  const show = (key: string) => ({ id: String(projectId(state, key)), key, name: `Project ${key}`, projectTypeKey: 'software' });
  const ofProject =
    (answer: (key: string, request: ProviderRequest) => ProviderReply) =>
    (request: ProviderRequest): ProviderReply => {
      const key = projectOf(state, request.parameters['project']);
      return key === undefined
        ? jiraFailure(404, `No project could be found with key '${request.parameters['project']}'.`)
        : answer(key, request);
    };
  return {
    'GET /api/3/project/search': (request) => {
      const text = request.query.get('query')?.toLowerCase() ?? '';
      return offsetPage(
        request,
        state.projects.map(show).filter(({ key, name }) => `${key} ${name}`.toLowerCase().includes(text)),
      );
    },
    'GET /api/3/project/:project': ofProject((key) => ({
      json: asJson({ ...show(key), description: 'What it is for.', lead: people[0], issueTypes, components }),
    })),
    'GET /api/3/project/:project/component': ofProject((_key, request) => offsetPage(request, components)),
    'GET /api/3/project/:project/version': ofProject((key, request) => {
      const text = request.query.get('query')?.toLowerCase() ?? '';
      const own = state.versions.filter(({ projectId: id, name }) => id === projectId(state, key) && name.toLowerCase().includes(text));
      return offsetPage(request, own.map(versionAnswer));
    }),
    'GET /api/3/issue/createmeta/:project/issuetypes': ofProject((_key, request) => offsetPage(request, issueTypes, 'issueTypes')),
    'POST /api/3/version': ({ json }) => {
      const { name, projectId: id, ...rest } = objectOf(json);
      if (!state.projects.some((key) => projectId(state, key) === id))
        return fieldFailure('projectId', 'Project with the id does not exist.');
      const isThere = state.versions.some((each) => each.projectId === id && each.name.toLowerCase() === String(name).toLowerCase());
      if (isThere) return fieldFailure('name', 'A version with this name already exists in this project.');
      const made: FakeJiraVersion = { id: String(nextId(state)), projectId: Number(id), name: String(name), fields: rest };
      state.versions.push(made);
      return { status: 201, json: asJson(versionAnswer(made)), effect: true };
    },
    'PUT /api/3/version/:id': ({ parameters, json }) => {
      const found = state.versions.find(({ id }) => id === parameters['id']);
      if (!found) return jiraFailure(404, 'Could not find version for id.');
      found.fields = { ...found.fields, ...objectOf(json) };
      return { json: asJson(versionAnswer(found)), effect: true };
    },
    'GET /api/3/field': () => ({ json: asJson([...fields]) }),
    'GET /api/3/priority/search': (request) =>
      offsetPage(
        request,
        ['High', 'Medium', 'Low'].map((name, at) => ({ id: String(at + 1), name })),
      ),
  };
}

function versionAnswer({ id, projectId: project, name, fields: given }: FakeJiraVersion): object {
  return { id, name, projectId: project, released: false, archived: false, ...given };
}
