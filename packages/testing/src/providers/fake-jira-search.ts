import type { FakeJiraIssue, JiraState } from './fake-jira-state.ts';

/** The issues that a query finds; `undefined` where it is none that the stand-in knows: conditions on project, status, id and updated, joined by AND. */
export function searchIssues(state: JiraState, jql: string): readonly FakeJiraIssue[] | undefined {
  const [conditions = '', order] = jql.split(/ ?ORDER BY /);
  const tests = conditions === '' ? [] : conditions.split(' AND ').map((condition) => testOf(state, condition.replaceAll(/^\(|\)$/g, '')));
  if (tests.some((test) => test === undefined)) return undefined;
  const found = state.issues
    .slice(0, state.issues.length - state.searchLag)
    .filter((issue) => tests.every((test) => test?.(issue) === true));
  if (order === undefined) return found.toReversed();
  const [, field = '', direction] = /^(created|updated) (ASC|DESC)$/.exec(order) ?? [];
  if (field === '') return undefined;
  const ascending = found.toSorted((one, other) => String(one.fields[field]).localeCompare(String(other.fields[field])));
  return direction === 'ASC' ? ascending : ascending.toReversed();
}

type Test = (issue: FakeJiraIssue) => boolean;

function testOf(state: JiraState, condition: string): Test | undefined {
  const [, project] = /^project = "?([A-Za-z0-9_]+)"?$/.exec(condition) ?? [];
  if (project !== undefined) return state.projects.includes(project) ? ({ key }) => key.startsWith(`${project}-`) : undefined;
  const [, list] = /^project in \(([A-Za-z0-9_", ]+)/.exec(condition) ?? [];
  if (list !== undefined) {
    const keys = new Set(list.replaceAll('"', '').split(', '));
    return ({ key }) => keys.has(key.replace(/-\d+$/, ''));
  }
  const [, status] = /^status = "([^"]+)"$/.exec(condition) ?? [];
  if (status !== undefined) return ({ fields }) => JSON.stringify(fields['status']).includes(`"name":"${status}"`);
  const [, from] = /^updated >= "(\d{4}-\d\d-\d\d \d\d:\d\d)"$/.exec(condition) ?? [];
  if (from !== undefined) return ({ fields }) => localMinute(String(fields['updated']), state.timeZone) >= from;
  return condition === 'id = 0' ? () => false : undefined;
}

/** A time as the account's own clock shows it, to the minute. */
function localMinute(time: string, timeZone: string): string {
  const shown = new Date(Date.parse(time.replace(/\+0000$/, 'Z'))).toLocaleString('sv-SE', { timeZone });
  return shown.slice(0, 16);
}
