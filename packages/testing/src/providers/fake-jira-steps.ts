import { objectOf } from './fake-jira-state.ts';

/** The steps of the one workflow: from where, by which transition, to where. */
const steps = [
  { id: '11', name: 'Start', from: 'To Do', to: { id: '3', name: 'In Progress', statusCategory: { key: 'indeterminate' } } },
  { id: '21', name: 'Finish', from: 'In Progress', to: { id: '4', name: 'Done', statusCategory: { key: 'done' } } },
  { id: '31', name: 'Finish at once', from: 'To Do', to: { id: '4', name: 'Done', statusCategory: { key: 'done' } } },
  { id: '41', name: 'Give up', from: 'To Do', to: { id: '4', name: 'Done', statusCategory: { key: 'done' } } },
] as const;

/** The steps that an issue can take from a status. */
export const stepsFrom = (status: unknown): readonly (typeof steps)[number][] =>
  steps.filter(({ from }) => from === objectOf(status)['name']);

/** The same as Jira shows them. */
export const shownSteps = (status: unknown): readonly object[] => stepsFrom(status).map(({ id, name, to }) => ({ id, name, to }));
