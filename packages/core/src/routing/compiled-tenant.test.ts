import { describe, expect, it } from 'vitest';
import { automationRow, configurationOf, ids } from './__fixtures__/sample-tenant.ts';
import { compiledConfigurations } from './compiled-configurations.ts';
import { compileTenant } from './compiled-tenant.ts';
import { tenantRules } from './tenant-rules.ts';

const step = { id: 'look', action: 'desk.look', connection: 'main' };
const onOrder = { trigger: { event: 'order.placed' }, steps: [step] };
const byHand = { trigger: { manual: true }, steps: [step] };
const newer = { trigger: { event: 'order.placed' }, steps: [{ id: 'wait', action: 'flow.delay' }] };

const rules = () => {
  const versions = new Map();
  return tenantRules('acme', () => versions);
};

describe('what a tenant has compiled', () => {
  it('finds enabled automations by the type that they start on, and all of them by id', () => {
    const tenant = compileTenant(
      configurationOf([
        automationRow(onOrder),
        automationRow(onOrder, { id: ids.other, enabled: false }),
        automationRow(byHand, { id: ids.main }),
      ]),
      rules(),
    );
    expect(tenant.automationsFor('order.placed').map(({ id }) => id)).toEqual([ids.automation]);
    expect(tenant.automationsFor('order')).toEqual([]);
    expect(tenant.automationsFor('__proto__')).toEqual([]);
    expect([ids.automation, ids.other, ids.main].map((id) => [tenant.automation(id)?.id === id, tenant.isEnabled(id)])).toEqual([
      [true, true],
      [true, false],
      [true, true],
    ]);
    expect(tenant.automation('nobody')).toBeUndefined();
  });

  it('sets apart what it cannot read, by the type that it would start on', () => {
    const broken = [newer, 'no object', null, { trigger: null, steps: [] }, { ...onOrder, when: { field: 'nowhere', op: 'exists' } }];
    const rows = broken.map((definition, index) =>
      automationRow(definition, { id: `${ids.other.slice(0, -2)}9${index}`, name: `n${index}` }),
    );
    const tenant = compileTenant(configurationOf([automationRow(onOrder), ...rows]), rules());
    expect(tenant.automationsFor('order.placed')).toHaveLength(1);
    expect(tenant.brokenFor('order.placed').map(({ name }) => name)).toEqual(['n0', 'n4']);
    expect(rows.map(({ id }) => tenant.broken(id)?.error.code)).toEqual(broken.map(() => 'automation_invalid'));
  });

  it('compiles a version once, whatever else changes', () => {
    const versions = rules();
    const before = compileTenant(configurationOf([automationRow(onOrder)]), versions);
    const after = compileTenant(
      configurationOf([automationRow(onOrder, { enabled: false }), automationRow(byHand, { id: ids.other })], { revision: 2 }),
      versions,
    );
    expect(after.automation(ids.automation)).toBe(before.automation(ids.automation));
    const next = compileTenant(configurationOf([automationRow(byHand, { version: 2 })], { revision: 3 }), versions);
    expect(next.automation(ids.automation)?.definition).toEqual(byHand);
  });

  it('never gives a tenant what another has compiled, though their rows have the same ids', () => {
    const compiled = compiledConfigurations();
    const ours = compiled.of(configurationOf([automationRow(onOrder)]));
    const theirs = compiled.of(configurationOf([automationRow(byHand)], { tenant: 'other' }));
    expect(ours.automation(ids.automation)?.definition).toEqual(onOrder);
    expect(theirs.automation(ids.automation)?.definition).toEqual(byHand);
  });

  it('matches subscribers by pattern, and remembers them', () => {
    const subscribers = [
      { name: 'all', pattern: '*' },
      { name: 'orders', pattern: 'order.*' },
    ];
    const tenant = compileTenant(configurationOf([], { subscribers }), rules());
    expect(tenant.subscribersFor('order.placed').map(({ name }) => name)).toEqual(['all', 'orders']);
    expect(tenant.subscribersFor('order.placed')).toBe(tenant.subscribersFor('order.placed'));
    for (let index = 0; index < 2_000; index += 1) expect(tenant.subscribersFor(`x.${index}`)).toHaveLength(1);
    expect([tenant.hasSubscriber('all'), tenant.hasSubscriber('nobody')]).toEqual([true, false]);
  });
});

describe('old versions', () => {
  it('are read once while they are used', async () => {
    const compiled = compiledConfigurations();
    const tenant = compiled.of(configurationOf([automationRow(onOrder, { version: 2 })]));
    const current = tenant.automation(ids.automation);
    let reads = 0;
    const read = async () => {
      reads += 1;
      if (!current) throw new Error('not compiled');
      return current;
    };
    const place = { tenant: 'acme', automation: ids.automation };
    expect(await compiled.version({ ...place, version: 2 }, read)).toBe(current);
    expect(reads).toBe(0);
    await compiled.version({ ...place, version: 1 }, read);
    await compiled.version({ ...place, version: 1 }, read);
    expect(reads).toBe(1);
    await compiled.version({ ...place, tenant: 'other', version: 1 }, read);
    expect(reads).toBe(2);
  });
});
