import type { ActionModel, AutomationModel } from './app-model.ts';

/** The input object of a step. */
export function inputSource(action: ActionModel): string {
  return `{ ${action.fields.map((field) => `${field.name}: ${field.value}`).join(', ')} }`;
}

/** The object literal of one automation; `inputOf` lets a negative control spoil one input. */
export function automationSource(automation: AutomationModel, inputOf: (action: ActionModel) => string = inputSource): string {
  const steps = automation.steps.map(
    ({ id, connector, action }) =>
      `    { id: '${id}', action: '${connector.id}.${action.name}', connection: 'main', input: ${inputOf(action)} },`,
  );
  return `{
  trigger: { event: '${automation.event}', connection: 'main' },
  when: { all: [{ field: 'event.data.labels', op: 'some', where: { field: 'name', op: 'equals', value: 'bug' } }, { cel: 'size(event.data.title) > 20' }] },
  steps: [
${steps.join('\n')}
  ],
}`;
}
