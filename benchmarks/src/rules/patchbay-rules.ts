import { compileCondition } from '../../../packages/core/src/rules/compile-condition.ts';
import type { Condition } from '../../../packages/core/src/rules/condition.ts';
import { ruleIndex } from '../../../packages/core/src/rules/matching/rule-index.ts';
import { parseCondition } from '../../../packages/core/src/rules/parse-condition.ts';
import type { RuleContestant } from './rule-contestant.ts';
import type { WorkloadRule } from './rule-workload.ts';

const endless = { steps: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };

/** The hub's own: conditions as tenants store them, parsed, compiled with their fuel meter, and indexed. */
export const patchbayRules: RuleContestant = (rules) => {
  const index = ruleIndex<string>();
  for (const rule of rules) {
    const condition = compileCondition(parseCondition(conditionOf(rule)), { roots: ['event', 'now'] });
    index.put({ id: rule.id, condition, of: rule.id });
  }
  return (payload) => {
    const search = index.search({ event: { type: 'github.issue.opened', time: '2026-01-31T08:00:00.000Z', data: payload } });
    search.run(endless);
    return search.found();
  };
};

function conditionOf({ tests }: WorkloadRule): Condition {
  return { all: tests.map((test): Condition => ({ ...test, field: `event.data.${test.field}` })) };
}
