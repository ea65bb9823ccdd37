import { PatchbayError } from '../errors/patchbay-error.ts';
import { isUuid } from '../id/is-uuid.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import type { Json } from '../json/json.ts';
import type { AlertChannel, AlertRuleDefinition, AlertRuleInput } from '../notifications/alert-rule.ts';
import { parseAlertRule } from '../notifications/parse-alert-rule.ts';
import { type AlertRule, alertOwner, alertRuleBusy, alertRuleTries, viewAlertRule } from './alert-rule-row.ts';
import { isName } from './check-text.ts';
import { connectionRow } from './connection-row.ts';
import { endpointRow } from './endpoint-row.ts';
import { requireFeature } from './tenant-plan.ts';
import type { TenantScope } from './tenant-services.ts';

/** Rules of one scope: each is held against everything that goes wrong there. */
const mostRules = 100;

/** Makes the rule of this name, or brings it up to date; the same input changes nothing. One that was disabled stays so. */
export async function putAlertRule(scope: TenantScope, name: string, input: AlertRuleInput): Promise<AlertRule> {
  const { tenant, storage, cache, configuration, generateId, clock } = scope;
  await scope.ready();
  // A name that looks like an id could stand for another rule's.
  if (!isName(name) || isUuid(name))
    throw invalid("A rule's name is text of 1 to 200 characters without control characters, and not a uuid.");
  const parsed = parseAlertRule(input, alertOwner(scope));
  await checkChannels(scope, parsed);
  const definition = JSON.parse(JSON.stringify(parsed)) as Json;
  for (let tries = 0; tries < alertRuleTries; tries += 1) {
    const { revision, rows } = await storage.configuration.snapshot(tenant, ['alert_rule']);
    const existing = rows.alert_rule?.find((row) => row.name === name);
    if (existing && canonicalJson(existing.value.definition) === canonicalJson(definition)) return viewAlertRule(scope, existing);
    if (!existing && (rows.alert_rule?.length ?? 0) >= mostRules)
      throw invalid(`There are ${mostRules} rules of alerts already. Delete one, or let one of them watch more.`);
    const id = existing?.id ?? generateId();
    const createdAt = existing?.value.createdAt ?? Math.floor(clock.now());
    const value = { enabled: existing?.value.enabled ?? true, definition, createdAt };
    const change = { put: 'alert_rule', id, name, expect: existing?.version ?? 'absent', value } as const;
    const verdict = await configuration.write(tenant, [change], { revision: revision.tenant });
    cache.forget(tenant);
    if (verdict.status === 'written') return viewAlertRule(scope, { id, name, value });
  }
  throw alertRuleBusy();
}

/** A channel that is not there would be found only when there is trouble. */
async function checkChannels(scope: TenantScope, { levels }: AlertRuleDefinition): Promise<void> {
  for (const channel of levels.flatMap(({ channels }) => channels)) await checkChannel(scope, channel);
}

async function checkChannel(scope: TenantScope, channel: AlertChannel): Promise<void> {
  if ('host' in channel) {
    if (scope.alerts.channels.has(channel.host)) return;
    throw invalid(`There is no alert channel ${channel.host}. Give its function in createHub({ alerts: { channels } }).`);
  }
  if ('endpoint' in channel) {
    await endpointRow(scope, channel.endpoint);
    return;
  }
  await requireFeature(scope, 'actions');
  const { connector } = scope.registry.resolveAny(channel.action);
  const { connection } = channel;
  const reference = connection.includes('/') || isUuid(connection) ? connection : `${connector.id}/${connection}`;
  const row = await connectionRow(scope, reference);
  if (row.value.connector !== connector.id)
    throw invalid(`The connection of a channel is one of ${row.value.connector}, and ${channel.action} needs one of ${connector.id}.`);
  scope.registry.resolveFor(channel.action, row.value);
}

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message });
}
