import type { CompiledAutomation } from '../automation/compile-automation.ts';
import type { Rule } from '../rules/matching/placed-rule.ts';
import { type RuleIndex, ruleIndex } from '../rules/matching/rule-index.ts';
import type { BrokenAutomation } from './broken-automation.ts';

/** The enabled automations of a tenant that start on one type of event. */
export interface TypeRules {
  /** In order of their ids. */
  automations(): readonly CompiledAutomation[];
  /** Those that cannot be read, in order of their ids. */
  broken(): readonly BrokenAutomation[];
  readonly size: number;
  /** Those that can be read, indexed by what their conditions ask. Made when it is first asked for, and kept up from then on. */
  index(): RuleIndex<CompiledAutomation>;
  /** Has one of them an ordering key? */
  hasOrdering(): boolean;
  put(automation: CompiledAutomation): void;
  putBroken(automation: BrokenAutomation): void;
  remove(id: string): void;
  isEmpty(): boolean;
}

/** None yet. */
export function typeRules(): TypeRules {
  const ready = new Map<string, CompiledAutomation>();
  const broken = new Map<string, BrokenAutomation>();
  const ordered = new Set<string>();
  let index: RuleIndex<CompiledAutomation> | null = null;
  // Lists are made when they are asked for: of many automations nobody asks.
  let readyList: readonly CompiledAutomation[] | null = null;
  let brokenList: readonly BrokenAutomation[] | null = null;

  const indexed = (): RuleIndex<CompiledAutomation> => {
    const made = ruleIndex<CompiledAutomation>();
    for (const automation of [...ready.values()].sort(byId)) made.put(ruleOf(automation));
    return made;
  };

  return {
    get size() {
      return ready.size;
    },
    index: () => (index ??= indexed()),
    automations: () => (readyList ??= [...ready.values()].sort(byId)),
    broken: () => (brokenList ??= [...broken.values()].sort(byId)),
    hasOrdering: () => ordered.size > 0,
    put(automation) {
      ready.set(automation.id, automation);
      if (automation.ordering !== null) ordered.add(automation.id);
      index?.put(ruleOf(automation));
      readyList = null;
    },
    putBroken(automation) {
      broken.set(automation.id, automation);
      brokenList = null;
    },
    remove(id) {
      ready.delete(id);
      broken.delete(id);
      ordered.delete(id);
      index?.remove(id);
      readyList = null;
      brokenList = null;
    },
    isEmpty: () => ready.size === 0 && broken.size === 0,
  };
}

const ruleOf = (automation: CompiledAutomation): Rule<CompiledAutomation> => ({
  id: automation.id,
  condition: automation.condition,
  of: automation,
});

const byId = (left: { readonly id: string }, right: { readonly id: string }): number => (left.id < right.id ? -1 : 1);
