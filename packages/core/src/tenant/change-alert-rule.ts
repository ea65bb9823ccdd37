import type { StatePage } from '../contracts/state-store.ts';
import { alertStates } from '../notifications/alert-names.ts';
import { readAlertState } from '../notifications/alert-state.ts';
import { nudgeKeeper } from '../notifications/keeper-dispatch.ts';
import { type AlertRule, alertRuleBusy, alertRuleRow, alertRuleTries, viewAlertRule } from './alert-rule-row.ts';
import type { TenantScope } from './tenant-services.ts';

/** Enables or disables a rule. The open alerts of one that is disabled end without a word. */
export async function switchAlertRule(scope: TenantScope, reference: string, enabled: boolean): Promise<AlertRule> {
  const { tenant, configuration, cache } = scope;
  for (let tries = 0; tries < alertRuleTries; tries += 1) {
    const row = await alertRuleRow(scope, reference);
    const value = { ...row.value, enabled };
    if (row.value.enabled === enabled) return viewAlertRule(scope, row);
    const verdict = await configuration.write(tenant, [{ put: 'alert_rule', id: row.id, name: row.name, expect: row.version, value }]);
    cache.forget(tenant);
    if (verdict.status !== 'written') continue;
    if (!enabled) await endAlertsOf(scope, row.id, { isGone: false });
    return viewAlertRule(scope, { ...row, value });
  }
  throw alertRuleBusy();
}

/** Deletes a rule. Its open alerts end without a word. */
export async function deleteAlertRule(scope: TenantScope, reference: string): Promise<void> {
  const { tenant, configuration, cache } = scope;
  for (let tries = 0; tries < alertRuleTries; tries += 1) {
    const row = await alertRuleRow(scope, reference);
    const verdict = await configuration.write(tenant, [{ delete: 'alert_rule', id: row.id, expect: row.version }]);
    cache.forget(tenant);
    if (verdict.status === 'written') return endAlertsOf(scope, row.id, { isGone: true });
  }
  throw alertRuleBusy();
}

/** Has the keepers of a rule's open alerts look at once. What is kept of the ended ones names the next, so it goes with the rule alone. */
async function endAlertsOf(scope: TenantScope, rule: string, { isGone }: { readonly isGone: boolean }): Promise<void> {
  const { tenant, storage, alerts } = scope;
  for (let cursor: string | null = null; ; ) {
    const page: StatePage = await storage.states.list(tenant, `${alertStates}${rule}:`, { cursor, limit: 500 });
    for (const { name, version, value } of page.entries) {
      const { episode } = readAlertState(value);
      if (episode !== null && episode.phase !== 'resolved') {
        await nudgeKeeper(alerts.parts, { place: { scope: tenant, name }, rule, episode }, 0);
      } else if (isGone) await storage.states.write([{ tenant, name, expect: version, value: null }]);
    }
    cursor = page.cursor;
    if (cursor === null) return;
  }
}
