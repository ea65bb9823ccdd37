import type { AutomationDefinition, Escalation } from './automation-definition.ts';

/** Everything that an automation may send, each with its place in the definition. */
export function actionsOf({ steps, escalation }: AutomationDefinition): readonly (readonly [place: string, action: Escalation])[] {
  const ofSteps = steps.map((step) => [`steps.${step.id}`, step] as const);
  return escalation ? [...ofSteps, ['escalation', escalation]] : ofSteps;
}
