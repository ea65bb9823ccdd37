import { type AutomationDefinition, type Escalation, isControlStep } from './automation-definition.ts';
import { walkSteps } from './walk-steps.ts';

/** Everything that an automation may send, each with its place in the definition. */
export function actionsOf({ steps, escalation }: AutomationDefinition): readonly (readonly [place: string, action: Escalation])[] {
  const ofSteps = [...walkSteps(steps)].flatMap((step): [string, Escalation][] =>
    isControlStep(step) ? [] : [[`steps.${step.id}`, step]],
  );
  return escalation ? [...ofSteps, ['escalation', escalation]] : ofSteps;
}
