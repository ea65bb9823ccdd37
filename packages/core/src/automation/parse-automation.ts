import type { AutomationDefinition } from './automation-definition.ts';
import { invalidAutomation } from './automation-error.ts';
import { compileAutomation } from './compile-automation.ts';
import type { StepReads } from './compile-node.ts';
import { faultOfReads } from './fault-of-reads.ts';
import { readDefinition } from './read-definition.ts';
import { walkSteps } from './walk-steps.ts';

/**
 * Parses an automation from data that nobody has checked, such as a form of a console: shape, condition, expressions, templates, and that
 * nothing is read which cannot be there (an attribute that no event has, the output of a later step). Throws `automation_invalid` naming
 * the place and the fault. Whether its connections and actions exist is checked when it is put.
 */
export function parseAutomation(value: unknown): AutomationDefinition {
  const definition = readDefinition(value);
  const noted: StepReads[] = [];
  const { condition, ordering } = compileAutomation({ id: '', name: '', version: 0, definition }, (reads) => noted.push(reads));
  const variables = variablesOf(definition);
  refuse('when', faultOfReads(condition?.roots ?? [], { earlier: [], variables }));
  for (const { place, reads, earlier } of noted) refuse(place, faultOfReads(reads, { earlier, variables }));
  refuse('ordering.key', faultOfReads(ordering?.template.roots ?? [], { earlier: [], variables }));
  return definition;
}

function variablesOf({ steps }: AutomationDefinition): readonly string[] {
  return [...walkSteps(steps)].flatMap((step) => ('vars' in step ? Object.keys(step.vars) : []));
}

function refuse(place: string, fault: string | null): void {
  if (fault !== null) throw invalidAutomation(`${place}: ${fault}`);
}
