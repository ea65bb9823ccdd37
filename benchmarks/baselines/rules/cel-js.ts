/** @marcbachmann/cel-js 8.0.0 as its documentation shows it: each rule parsed once to a function, all of them called for each event. */
import { Environment } from '@marcbachmann/cel-js';
import type { RuleContestant } from '../../src/rules/rule-contestant.ts';
import type { Test } from '../../src/rules/rule-workload.ts';

/** Matching by cel-js. */
export const celJs: RuleContestant = (rules) => {
  const environment = new Environment({ unlistedVariablesAreDyn: true });
  const compiled = rules.map(({ id, tests }) => ({ id, holds: environment.parse(tests.map(formulaOf).join(' && ')) }));
  return (payload) => {
    const found: string[] = [];
    const context = { payload };
    for (const { id, holds } of compiled) if (holds(context) === true) found.push(id);
    return found;
  };
};

function formulaOf({ field, op, value }: Test): string {
  const path = `payload.${field}`;
  if (op === 'equals') return `${path} == ${literal(value)}`;
  if (op === 'in') return `${path} in [${value.map(literal).join(', ')}]`;
  const method = op === 'contains' ? 'contains' : op === 'starts_with' ? 'startsWith' : 'endsWith';
  return `${path}.${method}(${literal(value)})`;
}

/** Numbers of JSON are doubles. */
function literal(value: string | number | boolean): string {
  return typeof value === 'number' ? value.toFixed(1) : JSON.stringify(value);
}
