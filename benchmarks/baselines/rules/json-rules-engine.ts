/**
 * json-rules-engine 7.3.1 as its documentation shows it: one engine, each rule with `all` of three conditions, paths by its own resolver,
 * operators of our own for text, because its `contains` looks at lists. It has no index, and answers with a promise.
 */
import { Engine } from 'json-rules-engine';
import type { RuleContestant } from '../../src/rules/rule-contestant.ts';

const operators = { equals: 'equal', in: 'in', contains: 'textContains', starts_with: 'textStarts', ends_with: 'textEnds' } as const;

/** Matching by json-rules-engine. */
export const jsonRulesEngine: RuleContestant = (rules) => {
  const engine = new Engine([], { allowUndefinedFacts: true });
  engine.addOperator<string, string>('textContains', (value, sought) => value.includes(sought));
  engine.addOperator<string, string>('textStarts', (value, sought) => value.startsWith(sought));
  engine.addOperator<string, string>('textEnds', (value, sought) => value.endsWith(sought));
  for (const { id, tests } of rules) {
    const all = tests.map(({ field, op, value }) => ({ fact: 'payload', path: `$.${field}`, operator: operators[op], value }));
    engine.addRule({ conditions: { all }, event: { type: id } });
  }
  return async (payload) => {
    const { events } = await engine.run({ payload });
    return events.map(({ type }) => type);
  };
};
