/**
 * The limit of `rules-1000` and `rules-10000`: matching as somebody writes it by hand who knows the rules' shape and all their fields.
 *
 * What it does: reads each field of an event once, when it is first asked for; looks rules up by the value of their equality in one hash map a
 * field; compiles what is left of a rule to closures; asks rules without an equality one by one.
 * What it leaves out: a limit of what a test may cost, data that is no plain JSON, names that lead to prototypes, any operator but these five, errors
 * with their reason, the order of what is found, and rules that come and go.
 */
import type { RuleContestant } from '../../src/rules/rule-contestant.ts';
import type { Test } from '../../src/rules/rule-workload.ts';

interface CompiledRule {
  readonly id: string;
  readonly holds: (event: EventFields) => boolean;
}

/** An event with its fields read once each. */
class EventFields {
  readonly #payload: unknown;
  readonly #readers: readonly ((payload: unknown) => unknown)[];
  readonly #values: unknown[];

  constructor(payload: unknown, readers: readonly ((payload: unknown) => unknown)[]) {
    this.#payload = payload;
    this.#readers = readers;
    this.#values = new Array(readers.length).fill(unread);
  }

  get(field: number): unknown {
    const known = this.#values[field];
    if (known !== unread) return known;
    const value = this.#readers[field]?.(this.#payload);
    this.#values[field] = value;
    return value;
  }
}

const unread = Symbol('unread');

/** Matching by hand. */
export const indexedClosures: RuleContestant = (rules) => {
  const fields: string[] = [];
  const numberOf = (field: string): number => {
    if (!fields.includes(field)) fields.push(field);
    return fields.indexOf(field);
  };
  const indexes = new Map<number, Map<unknown, CompiledRule[]>>();
  const others: CompiledRule[] = [];
  for (const { id, tests } of rules) {
    const equality = tests.find(({ op }) => op === 'equals');
    const [first, second, third] = tests.filter((test) => test !== equality).map((test) => compileTest(test, numberOf(test.field)));
    if (first === undefined || second === undefined) throw new Error('A rule has three tests.');
    if (equality === undefined) {
      others.push({ id, holds: (event) => first(event) && second(event) && (third?.(event) ?? true) });
      continue;
    }
    const field = numberOf(equality.field);
    const index = indexes.get(field) ?? new Map<unknown, CompiledRule[]>();
    indexes.set(field, index);
    const list = index.get(equality.value) ?? [];
    index.set(equality.value, list);
    list.push({ id, holds: (event) => first(event) && second(event) });
  }
  const readers = fields.map(readerOf);
  return (payload) => {
    const event = new EventFields(payload, readers);
    const found: string[] = [];
    for (const [field, index] of indexes) {
      const list = index.get(event.get(field));
      if (list !== undefined) for (const rule of list) if (rule.holds(event)) found.push(rule.id);
    }
    for (const rule of others) if (rule.holds(event)) found.push(rule.id);
    return found;
  };
};

function readerOf(field: string): (payload: unknown) => unknown {
  const names = field.split('.');
  return (payload) => {
    let value = payload;
    for (const name of names) {
      if (typeof value !== 'object' || value === null) return undefined;
      value = (value as Readonly<Record<string, unknown>>)[name];
    }
    return value;
  };
}

function compileTest(test: Test, field: number): (event: EventFields) => boolean {
  if (test.op === 'equals') return (event) => event.get(field) === test.value;
  if (test.op === 'in') {
    const values = new Set<unknown>(test.value);
    return (event) => values.has(event.get(field));
  }
  const { value: sought } = test;
  if (test.op === 'contains')
    return (event) => {
      const value = event.get(field);
      return typeof value === 'string' && value.includes(sought);
    };
  if (test.op === 'starts_with')
    return (event) => {
      const value = event.get(field);
      return typeof value === 'string' && value.startsWith(sought);
    };
  return (event) => {
    const value = event.get(field);
    return typeof value === 'string' && value.endsWith(sought);
  };
}
