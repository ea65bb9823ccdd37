import type { AutomationDefinition } from './automation-definition.ts';
import { invalidAutomation } from './automation-error.ts';
import { compileAutomation } from './compile-automation.ts';
import { faultOfReads } from './fault-of-reads.ts';
import { readDefinition } from './read-definition.ts';

/**
 * Parses an automation from data that nobody has checked, such as a form of a console: shape, condition, expressions, templates, and that
 * nothing is read which cannot be there (an attribute that no event has, the output of a later step). Throws `automation_invalid` naming
 * the place and the fault. Whether its connections and actions exist is checked when it is put.
 */
export function parseAutomation(value: unknown): AutomationDefinition {
  const definition = readDefinition(value);
  const { condition, steps, escalation, ordering } = compileAutomation({ id: '', name: '', version: 0, definition });
  refuse('when', faultOfReads(condition?.roots ?? [], []));
  const earlier: string[] = [];
  for (const { step, template } of steps) {
    refuse(`steps.${step.id}.input`, faultOfReads(template.roots, earlier));
    earlier.push(step.id);
  }
  refuse('escalation.input', faultOfReads(escalation?.template.roots ?? [], []));
  refuse('ordering.key', faultOfReads(ordering?.template.roots ?? [], []));
  return definition;
}

function refuse(place: string, fault: string | null): void {
  if (fault !== null) throw invalidAutomation(`${place}: ${fault}`);
}
