import type { CompiledTemplate } from '../expression/compile-template.ts';
import type { CompiledCondition } from '../rules/compile-condition.ts';
import type { ActionStep } from './automation-definition.ts';

/** An action with its input compiled. */
export interface CompiledStep {
  readonly step: ActionStep;
  readonly connector: string;
  readonly operation: string;
  readonly template: CompiledTemplate;
}

/** What happens when a step has failed for good. */
export interface CompiledErrorPath {
  readonly nodes: readonly CompiledNode[];
  readonly afterwards: 'continue' | 'fail';
}

interface Node {
  readonly id: string;
  readonly onError: CompiledErrorPath | null;
}

/** An action: its dispatch sends something. */
export interface ActionNode extends Node {
  readonly kind: 'action';
  readonly step: CompiledStep;
}

/** The arms in order, `else` as the last one without a condition. */
export interface BranchNode extends Node {
  readonly kind: 'branch';
  readonly arms: readonly { readonly condition: CompiledCondition | null; readonly nodes: readonly CompiledNode[] }[];
}

/** Steps with one error path. */
export interface GroupNode extends Node {
  readonly kind: 'group';
  readonly nodes: readonly CompiledNode[];
}

/** Steps for each item of a list. */
export interface EachNode extends Node {
  readonly kind: 'each';
  readonly list: CompiledTemplate;
  readonly nodes: readonly CompiledNode[];
  readonly concurrency: number;
  readonly limit: number;
  readonly collect: CompiledTemplate | null;
}

/** Waits for a time. */
export interface DelayNode extends Node {
  readonly kind: 'delay';
  readonly by: 'for' | 'until';
  readonly template: CompiledTemplate;
}

/** Waits for an event. */
export interface WaitNode extends Node {
  readonly kind: 'wait';
  readonly event: string;
  readonly connection: string | null;
  readonly condition: CompiledCondition | null;
  readonly timeoutMs: number;
  readonly onTimeout: 'continue' | 'fail';
}

/** Sets variables. */
export interface SetNode extends Node {
  readonly kind: 'set';
  readonly template: CompiledTemplate;
}

/** Gives a value. */
export interface TransformNode extends Node {
  readonly kind: 'transform';
  readonly template: CompiledTemplate;
}

/** Ends the run. */
export interface StopNode extends Node {
  readonly kind: 'stop';
  readonly as: 'succeeded' | 'failed';
  readonly message: CompiledTemplate | null;
}

/** Starts another automation. */
export interface RunNode extends Node {
  readonly kind: 'run';
  readonly automation: string;
  readonly template: CompiledTemplate;
  readonly wait: boolean;
  readonly timeoutMs: number;
}

/** One step, compiled. */
export type CompiledNode =
  | ActionNode
  | BranchNode
  | GroupNode
  | EachNode
  | DelayNode
  | WaitNode
  | SetNode
  | TransformNode
  | StopNode
  | RunNode;

/** Steps that are one dispatch. */
export type LeafNode = ActionNode | DelayNode | WaitNode | RunNode;
