import { type JiraState, jiraFailure, objectOf, offsetPage, textsOf } from './fake-jira-state.ts';
import type { ProviderRoutes } from './provider-reply.ts';

const boards = [
  { id: 1, name: 'Operations', type: 'scrum' },
  { id: 2, name: 'Flow', type: 'kanban' },
] as const;

const sprints = [
  { id: 36, name: 'Sprint 1', state: 'closed', originBoardId: 1, startDate: '2026-01-01T00:00:00.000Z', goal: 'Begin' },
  { id: 37, name: 'Sprint 2', state: 'active', originBoardId: 1, startDate: '2026-01-15T00:00:00.000Z', goal: 'Go on' },
  { id: 38, name: 'Sprint 3', state: 'future', originBoardId: 1 },
] as const;

/** The routes of the agile API. */
export function jiraAgileRoutes(state: JiraState): ProviderRoutes {
  return {
    'GET /agile/1.0/board': (request) => {
      const { query } = request;
      const name = query.get('name')?.toLowerCase() ?? '';
      const type = query.get('type');
      return offsetPage(
        request,
        boards.filter((board) => board.name.toLowerCase().includes(name) && (type === null || board.type === type)),
      );
    },
    'GET /agile/1.0/board/:board/sprint': (request) => {
      const board = boards.find(({ id }) => String(id) === request.parameters['board']);
      if (!board) return jiraFailure(404, 'Board does not exist or you do not have permission to see it.');
      const states = request.query.get('state')?.split(',');
      return offsetPage(
        request,
        sprints.filter(({ originBoardId, state: each }) => originBoardId === board.id && (states === undefined || states.includes(each))),
      );
    },
    'POST /agile/1.0/sprint/:sprint/issue': ({ parameters, json }) => {
      const sprint = sprints.find(({ id }) => String(id) === parameters['sprint']);
      if (!sprint) return jiraFailure(404, 'Sprint does not exist');
      const wanted = textsOf(objectOf(json)['issues']);
      const issues = state.issues.filter(({ key, id }) => wanted.includes(key) || wanted.includes(id));
      if (issues.length < wanted.length) return jiraFailure(400, 'Issue does not exist or you do not have permission to see it.');
      for (const issue of issues) issue.sprint = sprint.id;
      return { status: 204, effect: true };
    },
  };
}
