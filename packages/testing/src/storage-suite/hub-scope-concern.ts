import { type Change, hubScope } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import { only, type Scenario } from './stage.ts';

const rule = (expectation: number | 'absent', enabled = true): Change => ({
  ...{ put: 'alert_rule', id: 'rule-1', name: 'dead letters', expect: expectation },
  value: { enabled, definition: { on: ['dispatch.dead'], severity: 'critical' }, createdAt: 1_790_000_000_000 },
});

/** What belongs to the hub and no tenant: its rules of alerts, and its own work in the ledger. */
export function hubScopeConcern(scenario: Scenario): void {
  describe("the hub's own scope", () => {
    scenario("keeps rules of alerts beside each tenant's, and neither sees the other's", async ({ storage: { configuration } }) => {
      for (const scope of [hubScope, 'acme'])
        expect(await configuration.write(scope, [rule('absent')])).toMatchObject({ status: 'written' });
      await configuration.write(hubScope, [rule(1, false)]);
      expect(await configuration.find(hubScope, 'alert_rule', 'dead letters')).toMatchObject({ version: 2, value: { enabled: false } });
      expect(await configuration.find('acme', 'alert_rule', 'dead letters')).toMatchObject({
        version: 1,
        value: { enabled: true, definition: { on: ['dispatch.dead'], severity: 'critical' } },
      });
      const { rows } = await configuration.snapshot('acme', ['alert_rule']);
      expect(rows.alert_rule?.map(({ id, version }) => [id, version])).toEqual([['rule-1', 1]]);
      await configuration.write('acme', [{ delete: 'alert_rule', id: 'rule-1', expect: 1 }]);
      expect(await configuration.get('acme', 'alert_rule', 'rule-1')).toBeNull();
      expect(await configuration.get(hubScope, 'alert_rule', 'rule-1')).not.toBeNull();
    });

    scenario('has dispatches of its own, which workers execute like any other', async ({ storage, samples, advance }) => {
      const root = samples.newId();
      const key = { tenant: hubScope, root, target: 'alert:rule-1', replay: 0, path: 'keep' };
      const revision = { hub: 0, tenant: 0 };
      const dedupe = { key: 'alert:rule-1', hash: null };
      const plan = { revision, considered: [], runs: [], dispatches: [samples.dispatch(root, { key })] };
      const item = { ...samples.item(), tenant: hubScope, root, dedupe, plan, event: samples.event({ tenant: hubScope, id: root }) };
      expect(only(await storage.ingest([item]))).toMatchObject({ status: 'created' });
      const other = samples.newId();
      const again = { ...item, root: other, event: samples.event({ tenant: hubScope, id: other }) };
      expect(only(await storage.ingest([{ ...again, plan: { ...plan, dispatches: [] } }]))).toEqual({ status: 'duplicate', root });
      const claimed = only(await storage.claim(samples.claim()));
      expect(claimed.key).toEqual(key);
      const held = { tenant: hubScope, handle: claimed.handle, fence: claimed.fence };
      expect(only(await storage.defer([{ ...held, delayMs: 60_000, reason: 'waits', nothingSent: true }]))).toMatchObject({
        status: 'done',
      });
      expect(await storage.claim(samples.claim())).toEqual([]);
      await advance(61_000);
      const later = only(await storage.claim(samples.claim()));
      const settled = await storage.settle([samples.settle(later, { to: 'succeeded', output: null })]);
      expect(only(settled)).toMatchObject({ status: 'settled' });
      expect(await storage.history.dispatch(key)).toMatchObject({ status: 'succeeded', attempts: 1 });
      expect(await storage.history.event(hubScope, root)).toMatchObject({ id: root });
    });
  });
}
