import type { Connector } from '../connector/connector-definition.ts';
import type { Change } from '../contracts/configuration-store.ts';
import { findings, type MigrationFinding, type MigrationFindings } from './migration-finding.ts';
import type { MovedTenant } from './migration-of-automations.ts';

/** What becomes of a connection's webhooks. */
export interface MovedWebhooks extends MigrationFindings {
  readonly changes: readonly Change[];
}

/**
 * Webhooks that stand go on for the triggers that the other major has, by its names. Those at the service that the hub has registered are compared with its
 * list by the other major right afterwards: they are due.
 */
export function migrationOfWebhooks({ before, row, source, target, to }: MovedTenant, { from, now }: Moment): MovedWebhooks {
  const changes: Change[] = [];
  const found: (MigrationFinding & { readonly keeps: boolean })[] = [];
  const names = target.definition.migrations?.[from]?.triggers ?? {};
  const isSameScheme = JSON.stringify(source?.definition.webhook?.scheme) === JSON.stringify(target.definition.webhook?.scheme);
  for (const { id, name, version, value } of before.registrationsOf(row.id)) {
    const tell = (message: string, keeps: boolean) => found.push({ about: 'webhook', name: id, message, keeps });
    const fault = faultOf(target, value.subscription !== undefined);
    if (fault !== null) tell(`${fault} Unregister it first.`, true);
    const renamed = value.triggers.map((trigger) => (Object.hasOwn(names, trigger) ? (names[trigger] ?? trigger) : trigger));
    const triggers = [...new Set(renamed)].filter((trigger) => comesByWebhook(target, trigger));
    const lost = value.triggers.filter((_, index) => !triggers.includes(renamed[index] ?? ''));
    const those = `${lost.join(', ')}, which major ${to} has no webhooks for`;
    if (fault === null && triggers.length === 0) tell(`It is for ${those}. Unregister it first.`, true);
    else if (fault === null && lost.length > 0) tell(`It brings no more ${those}.`, false);
    if (fault === null && !isSameScheme && value.subscription === undefined)
      tell(`What comes is verified as major ${to} says. Where that is otherwise, set it up at the service again.`, false);
    const subscription = value.subscription && { subscription: { ...value.subscription, dueAt: now } };
    changes.push({ put: 'registration', id, name, expect: version, value: { ...value, triggers, ...subscription } });
  }
  return { ...findings(found), changes };
}

/** From which major, and when: milliseconds since 1970. */
export interface Moment {
  readonly from: number;
  readonly now: number;
}

function faultOf({ definition }: Connector, isAtService: boolean): string | null {
  if (!definition.webhook) return 'The other major takes no webhooks.';
  return isAtService && !definition.webhook.subscriptions ? 'The hub has registered it, and the other major cannot look after it.' : null;
}

const comesByWebhook = ({ triggers }: Connector, name: string): boolean =>
  Object.hasOwn(triggers, name) && triggers[name]?.delivery === 'webhook';
