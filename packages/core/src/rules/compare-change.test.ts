import { describe, expect, it } from 'vitest';
import { compileCondition } from './compile-condition.ts';
import type { Condition } from './condition.ts';
import { parseCondition } from './parse-condition.ts';
import { reasonOf } from './reason-of.ts';

const scopeOf = (data: unknown) => ({ event: { time: '2026-01-31T08:00:00Z', data } });

function verdict(condition: Condition, data: unknown): boolean | string {
  const compiled = compileCondition(parseCondition(condition), { roots: ['event', 'now'] });
  const report = compiled.explain(scopeOf(data));
  expect(compiled.test(scopeOf(data))).toBe(report.verdict);
  return report.error ?? report.verdict;
}

const record = {
  updated: { before: { status: 'open', tags: ['a'], owner: null }, after: { status: 'done', tags: ['a'], size: 3 } },
  created: { before: null, after: { status: 'done' } },
};
const github = {
  action: 'edited',
  changes: { title: { from: 'Old' }, base: { ref: { from: 'main' } }, repository: { name: { from: 'before' } } },
  issue: { title: 'New', body: 'same', base: { ref: 'next' } },
  repository: { name: 'after' },
};
const jira = {
  issue: { fields: { status: { id: '3', name: 'Done' }, summary: 'New', customfield_10016: 8, assignee: null } },
  changelog: {
    items: [
      { field: 'status', fieldId: 'status', from: '1', fromString: 'To Do', to: '3', toString: 'Done' },
      { field: 'summary', fieldId: 'summary', from: null, fromString: 'Old', to: null, toString: 'New' },
      { field: 'Story Points', fieldId: 'customfield_10016', from: null, fromString: '5', to: null, toString: '8' },
    ],
  },
};
const stripe = { object: { amount: 900, currency: 'eur' }, previous_attributes: { amount: 500 } };
const plain = { status: 'closed', total: 2, previous: { status: 'open' } };
const unsaid = 'the event does not say what was before';

describe('changed', () => {
  it.each([
    ['a record', 'event.data.after.status', record.updated, true],
    ['a record', 'event.data.after.tags', record.updated, false],
    ['a record, a member that has come', 'event.data.after.size', record.updated, true],
    ['a record, null to absent', 'event.data.after.owner', record.updated, false],
    ['a new record', 'event.data.after.status', record.created, false],
    ['GitHub', 'event.data.issue.title', github, true],
    ['GitHub', 'event.data.issue.body', github, false],
    ['GitHub, a member within', 'event.data.issue.base.ref', github, true],
    ['GitHub, the repository', 'event.data.repository.name', github, true],
    ['Jira', 'event.data.issue.fields.status.name', jira, true],
    ['Jira, the raw value', 'event.data.issue.fields.status.id', jira, true],
    ['Jira', 'event.data.issue.fields.assignee', jira, false],
    ['Jira, another part of the event', 'event.data.user.name', jira, false],
    ['previous attributes', 'event.data.object.amount', stripe, true],
    ['previous attributes', 'event.data.object.currency', stripe, false],
    ['previous members', 'event.data.status', plain, true],
    ['previous members', 'event.data.total', plain, false],
    ['an event that says nothing', 'event.data.status', { status: 'open' }, unsaid],
    ['no data', 'event.data.status', null, unsaid],
  ])('of %s: %s', (_what, field, data, expected) => {
    expect(verdict({ field, op: 'changed' }, data)).toBe(expected);
  });

  it.each([
    ['changed_from', 'event.data.after.status', 'open', record.updated, true],
    ['changed_from', 'event.data.after.status', 'done', record.updated, false],
    ['changed_to', 'event.data.after.status', 'done', record.updated, true],
    ['changed_to', 'event.data.after.status', 'open', record.updated, false],
    ['changed_to', 'event.data.after.tags', ['a'], record.updated, false],
    ['changed_to', 'event.data.after.status', 'done', record.created, false],
    ['changed_from', 'event.data.issue.title', 'Old', github, true],
    ['changed_from', 'event.data.issue.fields.status.name', 'To Do', jira, true],
    ['changed_from', 'event.data.issue.fields.status.id', '1', jira, true],
    ['changed_from', 'event.data.issue.fields.customfield_10016', 5, jira, true],
    ['changed_to', 'event.data.issue.fields.customfield_10016', 8, jira, true],
    ['changed_from', 'event.data.object.amount', 500, stripe, true],
  ] as const)('%s %s %j', (op, field, value, data, expected) => {
    expect(verdict({ field, op, value: value as string }, data)).toBe(expected);
  });

  it('is no more true where it is negated and the event does not say', () => {
    expect(verdict({ not: { field: 'event.data.status', op: 'changed' } }, { status: 'x' })).toBe(unsaid);
    expect(verdict({ not: { field: 'event.data.total', op: 'changed' } }, plain)).toBe(true);
  });

  it('explains itself with what was before', () => {
    const { explain } = compileCondition({ field: 'event.data.after.status', op: 'changed_to', value: 'open' });
    const report = explain(scopeOf(record.updated));
    expect(report).toMatchObject({ kind: 'field', actual: { text: '"done"' }, previous: { text: '"open"' } });
    expect(reasonOf(report)).toBe('event.data.after.status: has not changed to "open", it is "done" and was "open"');
  });

  it('is refused where nothing before is known: of an item, of an attribute of the event', () => {
    const ofItem = { field: 'event.data.list', op: 'some', where: { field: 'x', op: 'changed' } };
    expect(() => parseCondition(ofItem)).toThrow(
      expect.objectContaining({ code: 'condition_invalid', message: expect.stringContaining('where.op') }),
    );
    expect(() => compileCondition({ field: 'event.type', op: 'changed' })).toThrow(/event\.data only/);
  });

  it('reads nothing that is inherited', () => {
    const hostile: unknown = JSON.parse('{"changes": {"__proto__": {"title": {"from": "x"}}}, "issue": {"title": "y"}}');
    expect(verdict({ field: 'event.data.issue.title', op: 'changed' }, hostile)).toBe(false);
    expect(verdict({ field: 'event.data.issue.toString', op: 'changed' }, { changes: {}, issue: {} })).toBe(false);
  });
});
