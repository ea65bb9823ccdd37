import { isJsonObject } from '../json/is-json-object.ts';
import type { AlertRuleDefinition } from '../notifications/alert-rule.ts';
import { parseAlertRule } from '../notifications/parse-alert-rule.ts';
import { findConnection } from '../routing/find-connection.ts';
import { actionHandler } from '../routing/plan-step.ts';
import { polledTriggers } from '../scheduling/polling/keep-polls.ts';
import { pollStateName } from '../scheduling/polling/poll-keeper.ts';
import { findings, type MigrationFinding, type MigrationFindings } from './migration-finding.ts';
import type { MovedTenant } from './migration-of-automations.ts';
import type { TenantScope } from './tenant-services.ts';

type Found = MigrationFinding & { readonly keeps: boolean };

/** What else goes through a connection, and whether the other major has it: content, enrichers, alerts, mappings, polling, and work that is under way. */
export async function migrationOfTheRest(scope: TenantScope, moved: MovedTenant): Promise<MigrationFindings> {
  return findings([...ofConfiguration(moved), ...(await ofPolling(scope, moved)), ...(await ofWork(scope, moved))]);
}

function* ofConfiguration({ before, row, target, to }: MovedTenant): Generator<Found> {
  const { id, definition } = target;
  const lacks = (about: Found['about'], name: string, what: string, act: string): Found => ({
    about,
    name,
    message: `Major ${to} has no ${what}. ${act}`,
    keeps: true,
  });
  for (const source of Object.keys(row.value.content ?? {}))
    if (!Object.hasOwn(definition.content ?? {}, source)) yield lacks('content', source, `content ${source}`, 'Switch it off first.');
  for (const { name, value } of before.rows.enrichment ?? []) {
    const enricher = value.enricher.slice(id.length + 1);
    if (value.connection === row.id && !Object.hasOwn(definition.enrichers ?? {}, enricher))
      yield lacks('enrichment', name, `enricher ${enricher}`, 'Delete the enrichment first.');
  }
  for (const { name, value } of before.rows.alert_rule ?? []) {
    const channels = channelsOf(value.definition).filter(
      ({ connection }) => before.connectionReferred(connection)?.id === row.id || findConnection(before, id, connection)?.id === row.id,
    );
    for (const { action } of channels)
      if (!Object.hasOwn(target.actions, action.slice(id.length + 1)))
        yield lacks('alert_rule', name, `action ${action}`, 'Put the rule without it first.');
  }
  for (const { name, value } of before.rows.mapping ?? []) {
    const { event, connection } = isJsonObject(value.definition) ? value.definition : {};
    const isOf = typeof connection === 'string' && findConnection(before, id, connection)?.id === row.id;
    if (isOf && typeof event === 'string' && event.startsWith(`${id}.`) && !Object.hasOwn(target.triggers, event.slice(id.length + 1)))
      yield { about: 'mapping', name, message: `Major ${to} emits no ${event}, so it maps nothing any more.`, keeps: false };
  }
}

function channelsOf(definition: unknown): readonly { readonly action: string; readonly connection: string }[] {
  let rule: AlertRuleDefinition;
  try {
    rule = parseAlertRule(definition, 'tenant');
  } catch {
    // One that this process cannot read tells nobody as it is.
    return [];
  }
  return rule.levels.flatMap(({ channels }) => channels.flatMap((channel) => ('action' in channel ? [channel] : [])));
}

async function ofPolling({ tenant, storage }: TenantScope, { row, source, target, to }: MovedTenant): Promise<readonly Found[]> {
  const found: Found[] = [];
  const polled = new Set(polledTriggers(target));
  for (const trigger of source ? polledTriggers(source) : []) {
    if (polled.has(trigger) || !(await storage.states.read(tenant, pollStateName({ connection: row.id, trigger })))) continue;
    const message = `Major ${to} does not poll it, so nobody looks for it any more. How far it has come is kept for a migration back.`;
    found.push({ about: 'polling', name: trigger, message, keeps: false });
  }
  return found;
}

/** Pages of open dispatches that are looked through, of 500 each. */
const mostPages = 20;

async function ofWork({ tenant, storage }: TenantScope, { row, source, to }: MovedTenant): Promise<readonly Found[]> {
  const from = source && actionHandler(source.id, source.definition.version);
  const counts = { pending: 0, leased: 0, held: 0 };
  let isCut = false;
  for (const status of ['pending', 'leased', 'held'] as const) {
    let cursor: string | null = null;
    for (let pages = 0; pages === 0 || cursor !== null; pages += 1) {
      isCut ||= pages === mostPages;
      if (pages === mostPages) break;
      const page: Awaited<ReturnType<typeof storage.history.dispatches>> = await storage.history.dispatches(
        tenant,
        { status },
        { cursor, limit: 500 },
      );
      counts[status] += page.items.filter(
        ({ connection, handler }) => connection === row.id && isOther(handler, { from, to, id: row.value.connector }),
      ).length;
      cursor = page.cursor;
    }
  }
  const waiting = counts.pending + counts.leased;
  if (waiting + counts.held === 0) return [];
  const least = isCut ? 'At least ' : '';
  const message = `${least}${waiting} dispatches wait or are under way, and ${counts.held} are held, of the major before: that one executes them, so keep it registered until they have ended.`;
  return [{ about: 'work', name: null, message, keeps: false }];
}

function isOther(
  handler: string,
  { from, to, id }: { readonly from: string | undefined; readonly to: number; readonly id: string },
): boolean {
  return from === undefined ? handler.startsWith(`action:${id}@`) && handler !== `action:${id}@${to}` : handler === from;
}
