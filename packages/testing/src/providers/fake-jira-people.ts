import { asJson, type JiraState, jiraFailure, people } from './fake-jira-state.ts';
import type { ProviderRoutes } from './provider-reply.ts';
import type { ProviderRequest } from './provider-request.ts';

/** The routes of people. As at Jira a page is a range of those whom the text fits. */
export function jiraPeopleRoutes({ timeZone }: Pick<JiraState, 'timeZone'>): ProviderRoutes {
  const rangeOf = ({ query }: ProviderRequest, text = '') => {
    const startAt = Number(query.get('startAt') ?? 0);
    const found = people.filter(({ displayName }) => displayName.toLowerCase().includes(text));
    return found.slice(startAt, startAt + Number(query.get('maxResults') ?? 50));
  };
  return {
    'GET /api/3/myself': () => ({ json: { ...people[0], timeZone } }),
    'GET /api/3/user': ({ query }) => {
      const found = people.find(({ accountId }) => accountId === query.get('accountId'));
      return found
        ? { json: { ...found, timeZone } }
        : jiraFailure(404, 'Specified user does not exist or you do not have required permissions');
    },
    'GET /api/3/user/search': (request) => {
      const text = request.query.get('query')?.toLowerCase();
      if (text === undefined) return jiraFailure(400, 'The query parameter is required.');
      return { json: asJson(rangeOf(request, text)) };
    },
    'GET /api/3/users/search': (request) => ({ json: asJson(rangeOf(request)) }),
    'GET /api/3/serverInfo': () => ({ json: { version: '1001.0.0-SNAPSHOT', deploymentType: 'Cloud' } }),
  };
}
