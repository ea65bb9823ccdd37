import { issueOpenedExamples } from '../pipeline-memory/github-delivery.ts';
import { seededChoice } from '../typecheck-40/seeded-choice.ts';

/** What a rule asks of one field of the payload. */
export type Test =
  | { readonly field: string; readonly op: 'equals'; readonly value: string | number | boolean }
  | { readonly field: string; readonly op: 'in'; readonly value: readonly (string | number | boolean)[] }
  | { readonly field: string; readonly op: 'contains' | 'starts_with' | 'ends_with'; readonly value: string };

/** A rule: three tests that must all hold. */
export interface WorkloadRule {
  readonly id: string;
  readonly tests: readonly [Test, Test, Test];
}

/** A payload and the rules of one trigger, with those that hold. */
export interface RuleWorkload {
  /** GitHub's published example of `issues.opened`, 11,622 bytes as JSON. */
  readonly text: string;
  readonly rules: readonly WorkloadRule[];
  /** Ids of the rules that hold, sorted. */
  readonly matching: readonly string[];
}

const equalityFields = [
  'action',
  'issue.state',
  'issue.number',
  'issue.user.login',
  'issue.author_association',
  'repository.full_name',
  'repository.private',
  'repository.default_branch',
  'sender.login',
];
const textFields = ['issue.title', 'issue.body', 'issue.html_url', 'repository.html_url'];

/** Words that no text of the payload holds. A tenant's rules look for the same words again and again. */
const words = Array.from({ length: 1_000 }, (_, index) => `zq${index.toString(36)} ${(index * 7_919).toString(36)}`);

/**
 * Rules as a tenant has them: equality, membership and text search over thirteen fields; a tenth have three text searches and nothing to be
 * looked up by. Of 100, 50 fail by their first test, 30 by the second, 19 by the third, and one holds. The same number gives the same rules.
 */
export function ruleWorkload(count: number): RuleWorkload {
  const [payload] = issueOpenedExamples();
  if (payload === undefined) throw new Error('The published examples hold no issues.opened payload. Install version 7.6.1 of them.');
  const text = JSON.stringify(payload);
  const choose = seededChoice(7);
  const between = (low: number, high: number): number => choose(Array.from({ length: high - low + 1 }, (_, index) => low + index));
  const read = (field: string): unknown => field.split('.').reduce<unknown>((inside, name) => Reflect.get(Object(inside), name), payload);
  const scalar = (field: string): string | number | boolean => {
    const value = read(field);
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') throw new Error(`${field} is no scalar.`);
    return value;
  };
  const another = (field: string): string | number | boolean => {
    const value = scalar(field);
    if (typeof value === 'boolean') return !value;
    return typeof value === 'number' ? value + between(1, 200) : `${field.split('.').at(-1)}-${between(1, 200)}`;
  };
  const equality = (field: string, holds: boolean): Test => ({ field, op: 'equals', value: holds ? scalar(field) : another(field) });
  const membership = (field: string, holds: boolean): Test => ({
    field,
    op: 'in',
    value: [another(field), another(field), holds ? scalar(field) : another(field), another(field), another(field)],
  });
  const search = (field: string, holds: boolean): Test => {
    const op = choose(['contains', 'contains', 'contains', 'starts_with', 'ends_with'] as const);
    if (!holds) return { field, op, value: choose(words) };
    const whole = String(scalar(field));
    const length = Math.min(between(4, 12), whole.length);
    const at = op === 'starts_with' ? 0 : op === 'ends_with' ? whole.length - length : between(0, whole.length - length);
    return { field, op, value: whole.slice(at, at + length) };
  };
  const matching: string[] = [];
  const rules = Array.from({ length: count }, (_, index): WorkloadRule => {
    const id = `0192d9c5-9f4c-7000-8000-${String(index).padStart(12, '0')}`;
    const place = index % 100;
    const failing = place < 50 ? 0 : place < 80 ? 1 : place < 99 ? 2 : 3;
    if (failing === 3) matching.push(id);
    const isText = Math.floor(index / 100) % 10 === 9;
    // Where membership fails its field must be one of which another value can be made five times: not a boolean.
    const field = (fields: readonly string[]): string => choose(fields.filter((each) => typeof read(each) !== 'boolean'));
    const tests: readonly [Test, Test, Test] = isText
      ? [search(choose(textFields), failing > 0), search(choose(textFields), failing > 1), search(choose(textFields), failing > 2)]
      : [
          equality(choose(equalityFields), failing > 0),
          membership(field(equalityFields), failing > 1),
          search(choose(textFields), failing > 2),
        ];
    return { id, tests };
  });
  return { text, rules, matching };
}
