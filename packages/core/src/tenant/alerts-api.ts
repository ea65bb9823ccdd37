import type { RowPage } from '../contracts/configuration-store.ts';
import type { Alert } from '../notifications/alert.ts';
import type { AlertRuleInput } from '../notifications/alert-rule.ts';
import type { Suppression } from '../notifications/suppression.ts';
import { type AlertHistoryEntry, type AlertHistoryQuery, alertHistory } from './alert-history.ts';
import { type AlertRule, alertRuleRow, viewAlertRule } from './alert-rule-row.ts';
import { endSuppression, listSuppressions, type SuppressionInput, suppressAlerts } from './alert-suppressions.ts';
import { deleteAlertRule, switchAlertRule } from './change-alert-rule.ts';
import { acknowledgeAlert, openAlerts, resolveAlert } from './open-alerts.ts';
import { putAlertRule } from './put-alert-rule.ts';
import type { Page } from './read-cursor.ts';
import type { TenantScope } from './tenant-services.ts';

/** Rules of alerts, and the alerts that they have opened. A rule is named by its name or id, an alert by its id. */
export interface AlertsApi {
  /** Puts a rule: the name is the key, the same content changes nothing. Throws `invalid_argument`, `template_invalid`, `not_found` for a channel's endpoint or connection. */
  put(name: string, rule: AlertRuleInput): Promise<AlertRule>;
  get(rule: string): Promise<AlertRule>;
  list(): Promise<readonly AlertRule[]>;
  /** Its open alerts end without a word. */
  delete(rule: string): Promise<void>;
  enable(rule: string): Promise<AlertRule>;
  /** Its open alerts end without a word. */
  disable(rule: string): Promise<AlertRule>;
  /** The alerts that are open, the longest first. */
  open(): Promise<readonly Alert[]>;
  /** Takes an alert on: no escalation, no reminder any more. Throws `not_found` for one that is not open. */
  acknowledge(alert: string): Promise<Alert>;
  /** Says that it is over; the next occurrence opens another. Throws `not_found` for one that is not open. */
  resolve(alert: string): Promise<Alert>;
  /** Keeps tellings back for a time, such as while a service is being maintained; what is still open at its end is told then. */
  suppress(suppression: SuppressionInput): Promise<Suppression>;
  suppressions(): Promise<readonly Suppression[]>;
  /** Ends a suppression before its time. Throws `not_found`. */
  endSuppression(id: string): Promise<void>;
  /** What became of alerts, newest first; kept for 90 days unless the hub says otherwise. */
  history(query?: AlertHistoryQuery): Promise<Page<AlertHistoryEntry>>;
}

/** The alerts part of a tenant's handle, and of an operator's over all tenants. */
export function alertsApi(scope: TenantScope): AlertsApi {
  return Object.freeze({
    put: (name: string, rule: AlertRuleInput) => putAlertRule(scope, name, rule),
    get: async (rule: string) => viewAlertRule(scope, await alertRuleRow(scope, rule)),
    list: () => listAlertRules(scope),
    delete: (rule: string) => deleteAlertRule(scope, rule),
    enable: (rule: string) => switchAlertRule(scope, rule, true),
    disable: (rule: string) => switchAlertRule(scope, rule, false),
    open: () => openAlerts(scope),
    acknowledge: (alert: string) => acknowledgeAlert(scope, alert),
    resolve: (alert: string) => resolveAlert(scope, alert),
    suppress: (suppression: SuppressionInput) => suppressAlerts(scope, suppression),
    suppressions: () => listSuppressions(scope),
    endSuppression: (id: string) => endSuppression(scope, id),
    history: (query: AlertHistoryQuery = {}) => alertHistory(scope, query),
  });
}

async function listAlertRules(scope: TenantScope): Promise<readonly AlertRule[]> {
  await scope.ready();
  const rules: AlertRule[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: RowPage<'alert_rule'> = await scope.storage.configuration.list(scope.tenant, 'alert_rule', { cursor, limit: 500 });
    rules.push(...page.rows.map((row) => viewAlertRule(scope, row)));
    cursor = page.cursor;
    if (cursor === null) return rules;
  }
}
