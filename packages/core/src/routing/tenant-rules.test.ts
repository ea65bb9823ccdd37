import { describe, expect, it } from 'vitest';
import type { Row } from '../contracts/configuration-store.ts';
import { automationRow } from './__fixtures__/sample-tenant.ts';
import { type CompiledVersions, tenantRules } from './tenant-rules.ts';

const step = { id: 'look', action: 'desk.look', connection: 'main' };
const idOf = (index: number): string => `01890a5d-0000-774b-bcce-${String(index).padStart(12, '0')}`;
const of = (index: number, number = `A-${index}`, version = 1): Row<'automation'> => ({
  ...automationRow(
    { trigger: { event: 'order.placed' }, when: { field: 'event.data.number', op: 'equals', value: number }, steps: [step] },
    { id: idOf(index), name: `n${index}`, version },
  ),
  version,
});
const rowsOf = (count: number): readonly Row<'automation'>[] => Array.from({ length: count }, (_, index) => of(index));

const endless = { steps: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };

function follower() {
  const versions: CompiledVersions = new Map();
  const rules = tenantRules('acme', () => versions);
  const matching = (number: string): readonly string[] => {
    const search = rules.byType
      .get('order.placed')
      ?.index()
      .search({ event: { data: { number } } });
    search?.run(endless);
    return search?.found().map(({ name, version }) => `${name}@${version}`) ?? [];
  };
  return { rules, versions, matching };
}

describe("a tenant's rules", () => {
  it('build nothing of the others anew where one of them changes', () => {
    const { rules, versions, matching } = follower();
    const rows = rowsOf(500);
    rules.follow(rows);
    const index = rules.byType.get('order.placed')?.index();
    const before = new Map(rules.ready);
    const changed = rows.with(7, of(7, 'new', 2));
    rules.follow(changed);
    expect([matching('new'), matching('A-7'), matching('A-8')]).toEqual([['n7@2'], [], ['n8@1']]);
    expect(rules.byType.get('order.placed')?.index()).toBe(index);
    expect([...rules.ready].filter(([id, automation]) => before.get(id) !== automation).map(([id]) => id)).toEqual([idOf(7)]);
    expect(versions.size).toBe(501);
  });

  it('follow whichever rows are asked, also those of before', () => {
    const { rules, matching } = follower();
    const rows = rowsOf(100);
    const later = [...rows.slice(1, 50), ...rows.slice(51), of(200, 'A-1')];
    for (let round = 0; round < 3; round += 1) {
      rules.follow(rows);
      expect([matching('A-0'), matching('A-1'), matching('A-50')]).toEqual([['n0@1'], ['n1@1'], ['n50@1']]);
      rules.follow(later);
      expect([matching('A-0'), matching('A-1'), matching('A-50')]).toEqual([[], ['n1@1', 'n200@1'], []]);
    }
    expect(rules.byType.get('order.placed')?.size).toBe(99);
  });

  it('know a row that was read again for the one that it was', () => {
    const { rules, versions } = follower();
    rules.follow(rowsOf(10));
    const index = rules.byType.get('order.placed')?.index();
    const search = index?.search({ event: { data: { number: 'A-1' } } });
    rules.follow(rowsOf(10));
    expect(search?.run(endless)).toBe('done');
    expect(versions.size).toBe(10);
  });

  it('leave a type that nothing starts on any more, and what is switched off', () => {
    const { rules } = follower();
    rules.follow(rowsOf(2));
    const [first, second] = rowsOf(2).map((row) => ({ ...row, version: 2, value: { ...row.value, enabled: false } }));
    rules.follow([first, second].flatMap((row) => row ?? []));
    expect([rules.byType.size, rules.ready.size, rules.enabled.size]).toEqual([0, 2, 0]);
    rules.follow([]);
    expect(rules.ready.size).toBe(0);
  });
});
