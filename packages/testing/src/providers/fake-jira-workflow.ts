import { setFields } from './fake-jira-issues.ts';
import {
  asJson,
  fieldFailure,
  type JiraState,
  jiraFailure,
  nextId,
  noIssue,
  objectOf,
  offsetPage,
  textsOf,
  withIssue,
} from './fake-jira-state.ts';
import { shownSteps, stepsFrom } from './fake-jira-steps.ts';
import type { ProviderRoutes } from './provider-reply.ts';

/** The routes of what happens to issues: transitions, assigning, watching, mail, links. */
export function jiraWorkflowRoutes(state: JiraState): ProviderRoutes {
  return {
    'GET /api/3/issue/:key/transitions': withIssue(state, ({ fields }) => ({
      json: asJson({ expand: 'transitions', transitions: shownSteps(fields['status']) }),
    })),
    'POST /api/3/issue/:key/transitions': withIssue(state, (issue, { json }) => {
      const { transition, fields } = objectOf(json);
      const step = stepsFrom(issue.fields['status']).find(({ id }) => id === objectOf(transition)['id']);
      if (!step)
        return jiraFailure(
          400,
          "It seems that you have tried to perform a workflow operation that is not valid for the issue's current state.",
        );
      setFields(state, issue, { ...objectOf(fields), status: step.to });
      return { status: 204, effect: true };
    }),
    'PUT /api/3/issue/:key/assignee': withIssue(state, (issue, { json }) => {
      const { accountId } = objectOf(json);
      if (accountId === undefined) return fieldFailure('assignee', 'accountId is required.');
      setFields(state, issue, { assignee: accountId === null ? null : { accountId } });
      return { status: 204, effect: true };
    }),
    'GET /api/3/issue/:key/changelog': withIssue(state, ({ changes }, request) => offsetPage(request, changes)),
    'POST /api/3/issue/:key/watchers': withIssue(state, ({ watchers }, { json }) => {
      if (typeof json !== 'string') return jiraFailure(400, 'The body is the id of an account.');
      if (!watchers.includes(json)) watchers.push(json);
      return { status: 204, effect: true };
    }),
    'DELETE /api/3/issue/:key/watchers': withIssue(state, ({ watchers }, { query }) => {
      const left = watchers.filter((watcher) => watcher !== query.get('accountId'));
      watchers.splice(0, watchers.length, ...left);
      return { status: 204, effect: true };
    }),
    'POST /api/3/issue/:key/notify': withIssue(state, (_issue, { json }) => {
      const { textBody, to } = objectOf(json);
      if (typeof textBody !== 'string' || to === undefined) return jiraFailure(400, 'No recipients were defined for notification.');
      state.mails.push(objectOf(json));
      return { status: 204, effect: true };
    }),
    'POST /api/3/issueLink': ({ json }) => {
      const { type, inwardIssue, outwardIssue } = objectOf(json);
      const find = (named: unknown) => {
        const { id, key } = objectOf(named);
        return state.issues.find((issue) => issue.id === id || issue.key === key);
      };
      const [inward, outward] = [find(inwardIssue), find(outwardIssue)];
      if (!inward || !outward) return noIssue();
      const link = { type: String(objectOf(type)['name']), inward: inward.id, outward: outward.id };
      if (!linkTypes.some(({ name }) => name === link.type)) return jiraFailure(404, `No issue link type with name '${link.type}' found.`);
      // One that is there already is answered alike.
      if (!state.links.some((each) => JSON.stringify(each) === JSON.stringify(link))) state.links.push(link);
      return { status: 201, effect: true };
    },
    'GET /api/3/issueLinkType': () => ({ json: { issueLinkTypes: linkTypes.map((each) => ({ ...each })) } }),
    'POST /api/3/issue/:key/remotelink': withIssue(state, ({ remoteLinks }, { json }) => {
      const { globalId, object } = objectOf(json);
      const { url, title } = objectOf(object);
      if (textsOf([url, title]).some((text) => text === 'undefined')) return fieldFailure('title', "'title' is required.");
      const known = remoteLinks.find((link) => link.globalId === globalId);
      if (known) known.object = object;
      const link = known ?? { id: nextId(state), globalId: String(globalId), object };
      if (!known) remoteLinks.push(link);
      return { status: known ? 200 : 201, json: { id: link.id, self: `https://acme.atlassian.net/remotelink/${link.id}` }, effect: true };
    }),
  };
}

const linkTypes = [
  { id: '10000', name: 'Blocks', inward: 'is blocked by', outward: 'blocks' },
  { id: '10001', name: 'Duplicate', inward: 'is duplicated by', outward: 'duplicates' },
] as const;
