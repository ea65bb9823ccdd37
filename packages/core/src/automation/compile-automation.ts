import { type CompiledTemplate, compileTemplate } from '../expression/compile-template.ts';
import { type CompiledCondition, compileCondition } from '../rules/compile-condition.ts';
import { type AutomationDefinition, isControlStep, type OrderingRule } from './automation-definition.ts';
import { within } from './automation-error.ts';
import { compileNodes, compileStep, type StepReads } from './compile-node.ts';
import type { CompiledNode, CompiledStep } from './compiled-node.ts';
import { walkNodes } from './walk-nodes.ts';
import { walkSteps } from './walk-steps.ts';

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
  readonly nodes: readonly CompiledNode[];
  /** Every action among them, those inside of others as well, in the order of the definition. */
  readonly steps: readonly CompiledStep[];
  /** Nothing but actions, one after another. */
  readonly isPlain: boolean;
  /** Some step reads the event, or what a failed run sends does. */
  readonly readsEvent: boolean;
  /** Types of events that it waits for. */
  readonly awaits: readonly string[];
  /** What a failed run sends. Its step's id is no step's. */
  readonly escalation: CompiledStep | null;
  /** Absent: runs go side by side. */
  readonly ordering: CompiledOrdering | null;
}

/**
 * Compiles a definition. Throws `automation_invalid` naming the place of an expression that does not compile. `note` is told what each
 * expression of a step reads.
 */
export function compileAutomation(
  input: Pick<CompiledAutomation, 'id' | 'name' | 'version' | 'definition'>,
  note?: (reads: StepReads) => void,
): CompiledAutomation {
  const { definition } = input;
  const { when, escalation, ordering } = definition;
  const all = [...walkSteps(definition.steps)];
  const roots = ['event', 'steps', ...(all.some(({ action }) => action === 'flow.set') ? ['vars'] : [])];
  let readsEvent = false;
  const noted = (reads: StepReads): void => {
    readsEvent ||= reads.reads.some(([root]) => root === 'event');
    note?.(reads);
  };
  const { nodes } = compileNodes(definition.steps, { roots, earlier: [], note: noted });
  const compiledEscalation =
    escalation === undefined
      ? null
      : compileStep({ ...escalation, id: 'escalation' }, 'escalation.input', { roots: ['event', 'failure'], earlier: [], note: noted });
  const walked = [...walkNodes(nodes)];
  return {
    ...input,
    condition: when === undefined ? null : within('when', () => compileCondition(when, { roots: ['event'] })),
    nodes,
    steps: walked.flatMap((node) => (node.kind === 'action' ? [node.step] : [])),
    isPlain: all.every((step) => !isControlStep(step) && step.onError === undefined),
    readsEvent,
    awaits: [...new Set(walked.flatMap((node) => (node.kind === 'wait' ? [node.event] : [])))],
    escalation: compiledEscalation,
    ordering: ordering === undefined ? null : compileOrdering(ordering),
  };
}

function compileOrdering({ key, onDead = 'skip' }: OrderingRule): CompiledOrdering {
  return { template: within('ordering.key', () => compileTemplate(key, { roots: ['event'] })), onDead };
}
