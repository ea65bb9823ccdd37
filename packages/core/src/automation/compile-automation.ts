import { type CompiledTemplate, compileTemplate } from '../expression/compile-template.ts';
import { type CompiledCondition, compileCondition } from '../rules/compile-condition.ts';
import type { AutomationDefinition, Step } from './automation-definition.ts';
import { within } from './automation-error.ts';

/** A step with its input compiled. */
export interface CompiledStep {
  readonly step: Step;
  readonly connector: string;
  readonly operation: string;
  readonly template: CompiledTemplate;
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
}

/** Compiles a definition. Throws `automation_invalid` naming the place of an expression that does not compile. */
export function compileAutomation(input: Pick<CompiledAutomation, 'id' | 'name' | 'version' | 'definition'>): CompiledAutomation {
  const { definition } = input;
  const { when } = definition;
  return {
    ...input,
    condition: when === undefined ? null : within('when', () => compileCondition(when, { roots: ['event'] })),
    steps: definition.steps.map((step) => {
      const [connector = '', operation = ''] = step.action.split('.');
      const compile = (): CompiledTemplate => compileTemplate(step.input ?? {}, { roots: ['event', 'steps'] });
      return { step, connector, operation, template: within(`steps.${step.id}.input`, compile) };
    }),
  };
}
