import type { Row } from '../contracts/configuration-store.ts';
import { reconcileRegistrations } from '../webhooks/inbound/reconcile-registrations.ts';
import { putDue } from '../webhooks/inbound/registrations-due.ts';
import { subscribeRegistration } from '../webhooks/inbound/subscribe-registration.ts';
import { askProvider } from './ask-provider.ts';
import { registrationServices, registrationsAtProvider } from './registration-services.ts';
import type { TenantScope } from './tenant-services.ts';

/** Races that are tried again before they are left to the next turn. */
const writeTries = 5;

/**
 * Looks after what a connection has registered at its provider and is due: renews what ends soon, compares the rest with the provider's list and
 * mends it. Writes when that is to be done next. Never throws: what fails is kept with the registration and told.
 */
export async function keepRegistrations(scope: TenantScope, row: Row<'connection'>): Promise<void> {
  try {
    if (row.value.status === 'active') await keep(scope, row);
  } catch {
    // Without another time to look the connection is looked at again in a while.
  }
  scope.cache.forget(scope.tenant);
}

async function keep(scope: TenantScope, connection: Row<'connection'>): Promise<void> {
  const { tenant, clock, registry } = scope;
  const connector = registry.findFor(connection.value);
  const subscriptions = connector?.definition.webhook?.subscriptions;
  if (connector && subscriptions) {
    const now = clock.now();
    const due = (await registrationsAtProvider(scope, connection.id)).filter(({ value }) => (value.subscription?.dueAt ?? 0) <= now);
    const ends = ({ value }: Row<'registration'>): boolean => {
      const { status, renewAt = null } = value.subscription ?? {};
      return renewAt !== null && renewAt <= now && status !== 'pending' && status !== 'failed';
    };
    const common = { tenant, connector, ask: askProvider(scope, connection) };
    const options = registrationServices(scope);
    for (const { id } of due.filter(ends)) await subscribeRegistration(options, { ...common, registration: id, renews: true });
    const rows = due.filter((each) => !ends(each));
    await reconcileRegistrations(options, { ...common, subscriptions, rows, dryRun: false, removeUnknown: false });
  }
  await writeNextLook(scope, connection.id);
}

/** The connection is due when the first of its registrations is. */
async function writeNextLook(scope: TenantScope, id: string): Promise<void> {
  const { tenant, configuration, connect } = scope;
  for (let tries = 0; tries < writeTries; tries += 1) {
    const row = await configuration.get(tenant, 'connection', id);
    if (!row) return;
    const times = (await registrationsAtProvider(scope, id)).map(({ value }) => value.subscription?.dueAt ?? 0);
    const dueAt = times.length === 0 ? null : Math.min(...times);
    const verdict = await configuration.write(tenant, [putDue(row, { dueAt, remindDays: connect.remindDays })]);
    if (verdict.status === 'written') return;
  }
}
