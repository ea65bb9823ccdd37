import {
  asJson,
  type FakeJiraIssue,
  type Fields,
  type JiraState,
  jiraFailure,
  nextId,
  objectOf,
  offsetPage,
  propertiesOf,
  selfOf,
  timeOf,
  withIssue,
} from './fake-jira-state.ts';
import type { ProviderReply, ProviderRoutes } from './provider-reply.ts';
import type { ProviderRequest } from './provider-request.ts';

/** The routes of what people write below issues: comments and the work they log. */
export function jiraCommentRoutes(state: JiraState): ProviderRoutes {
  return {
    'POST /api/3/issue/:key/comment': withIssue(state, (issue, request) => comment(state, issue, request)),
    'GET /api/3/issue/:key/comment': withIssue(state, ({ id, comments }, request) => {
      const ordered = request.query.get('orderBy') === '-created' ? comments.toReversed() : comments;
      const shown = ordered.map(({ properties: _, ...one }) => ({
        ...one,
        self: selfOf(request.headers['host'], `issue/${id}/comment/${one.id}`),
      }));
      return offsetPage(request, shown, 'comments');
    }),
    'PUT /api/3/issue/:key/comment/:id': withIssue(state, ({ comments }, { parameters, json }) => {
      const { body } = objectOf(json);
      const found = comments.find(({ id }) => id === parameters['id']);
      if (!found) return noComment();
      if (objectOf(body)['type'] !== 'doc') return jiraFailure(400, 'Comment body is not valid!');
      found.body = body;
      return { json: asJson({ id: found.id, created: found.created, body }), effect: true };
    }),
    'DELETE /api/3/issue/:key/comment/:id': withIssue(state, ({ comments }, { parameters }) => {
      const at = comments.findIndex(({ id }) => id === parameters['id']);
      if (at === -1) return noComment();
      comments.splice(at, 1);
      return { status: 204, effect: true };
    }),
    'GET /api/3/comment/:id/properties/:name': ({ parameters: { id, name = '' } }) => {
      const found = state.issues.flatMap(({ comments }) => comments).find((one) => one.id === id);
      return property(name, found?.properties[name]);
    },
    'POST /api/3/issue/:key/worklog': withIssue(state, (issue, { json }) => {
      const { properties, ...fields } = objectOf(json);
      if (typeof fields['timeSpentSeconds'] !== 'number') return jiraFailure(400, 'Worklog must not be null.');
      const created = timeOf(state);
      const added = {
        id: String(nextId(state)),
        created,
        properties: propertiesOf(properties),
        fields: { started: created, ...fields },
      };
      issue.worklogs.push(added);
      return { status: 201, json: asJson({ id: added.id, created, ...added.fields }), effect: true };
    }),
    'GET /api/3/issue/:key/worklog': withIssue(state, ({ worklogs }, request) => {
      const withProperties = request.query.get('expand') === 'properties';
      const shown = worklogs.map(({ id, created, properties, fields }) => ({
        id,
        created,
        ...fields,
        ...(withProperties ? { properties: Object.entries(properties).map(([key, value]) => ({ key, value })) } : {}),
      }));
      return offsetPage(request, shown, 'worklogs');
    }),
  };
}

function comment(state: JiraState, issue: FakeJiraIssue, request: ProviderRequest): ProviderReply {
  const { body, properties } = objectOf(request.json);
  if (objectOf(body)['type'] !== 'doc') return jiraFailure(400, 'Comment body is not valid!');
  const { id, created } = addComment(state, issue, body, propertiesOf(properties));
  const self = selfOf(request.headers['host'], `issue/${issue.id}/comment/${id}`);
  return { status: 201, json: asJson({ id, self, created, body }), effect: true };
}

/** Adds a comment to an issue, which counts as a change of it. */
export function addComment(state: JiraState, issue: FakeJiraIssue, body: unknown, properties: Fields) {
  const added = { id: String(nextId(state)), body, created: timeOf(state), properties };
  issue.comments.push(added);
  issue.fields['updated'] = added.created;
  return added;
}

function property(name: string, value: unknown): ProviderReply {
  return value === undefined ? jiraFailure(404, `The property with key ${name} does not exist.`) : { json: asJson({ key: name, value }) };
}

const noComment = (): ProviderReply => jiraFailure(404, 'Can not find a comment for the id.');
