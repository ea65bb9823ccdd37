import { type CompiledTemplate, compileTemplate } from '../expression/compile-template.ts';
import { type CompiledCondition, compileCondition } from '../rules/compile-condition.ts';
import type { AutomationDefinition, OrderingRule, Step } from './automation-definition.ts';
import { within } from './automation-error.ts';

/** A step with its input compiled. */
export interface CompiledStep {
  readonly step: Step;
  readonly connector: string;
  readonly operation: string;
  readonly template: CompiledTemplate;
}

/** What runs go one after another by. */
export interface CompiledOrdering {
  readonly template: CompiledTemplate;
  readonly onDead: 'skip' | 'block';
}

/** One version of an automation, ready to run. Pure: the same scope gives the same answers. */
export interface CompiledAutomation {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly definition: AutomationDefinition;
  /** Absent: always. */
  readonly condition: CompiledCondition | null;
  readonly steps: readonly CompiledStep[];
  /** What a failed run sends. Its step's id is no step's. */
  readonly escalation: CompiledStep | null;
  /** Absent: runs go side by side. */
  readonly ordering: CompiledOrdering | null;
}

/** Compiles a definition. Throws `automation_invalid` naming the place of an expression that does not compile. */
export function compileAutomation(input: Pick<CompiledAutomation, 'id' | 'name' | 'version' | 'definition'>): CompiledAutomation {
  const { definition } = input;
  const { when, escalation, ordering } = definition;
  return {
    ...input,
    condition: when === undefined ? null : within('when', () => compileCondition(when, { roots: ['event', 'now'] })),
    steps: definition.steps.map((step) => compileStep(step, { place: `steps.${step.id}.input`, roots: ['event', 'steps'] })),
    escalation:
      escalation === undefined
        ? null
        : compileStep({ ...escalation, id: 'escalation' }, { place: 'escalation.input', roots: ['event', 'failure'] }),
    ordering: ordering === undefined ? null : compileOrdering(ordering),
  };
}

function compileOrdering({ key, onDead = 'skip' }: OrderingRule): CompiledOrdering {
  return { template: within('ordering.key', () => compileTemplate(key, { roots: ['event'] })), onDead };
}

function compileStep(step: Step, { place, roots }: { readonly place: string; readonly roots: readonly string[] }): CompiledStep {
  const [connector = '', operation = ''] = step.action.split('.');
  const compile = (): CompiledTemplate => compileTemplate(step.input ?? {}, { roots });
  return { step, connector, operation, template: within(place, compile) };
}
