import type { ListedSubscription, WebhookSubscriptions } from '../../connector/webhook-subscriptions.ts';
import type { ConfigurationStore, Row } from '../../contracts/configuration-store.ts';
import { toErrorRecord } from '../../errors/error-record.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { isUuid } from '../../id/is-uuid.ts';
import { isAsWanted, removeAtProvider } from './hold-at-provider.ts';
import { soundList } from './sound-subscription.ts';
import { type SubscribeOptions, type Subscribing, subscribeRegistration } from './subscribe-registration.ts';
import { recordFailure, recordSuccess } from './write-subscription.ts';

/** Where what a connection has registered and what its provider lists differ. */
export interface RegistrationFinding {
  /**
   * `missing`: the provider does not have it; `different`: other events, another URL, stopped, or never finished; `twice`: more than once;
   * `unknown`: at a URL of this hub and nobody's; `unreachable`: the list could not be read.
   */
  readonly kind: 'missing' | 'different' | 'twice' | 'unknown' | 'unreachable';
  /** `null` for what is unknown. */
  readonly registration: string | null;
  readonly target: string | null;
  /** The provider's own id, where it is known. */
  readonly providerId: string | null;
  readonly mended: boolean;
  /** Why it could not be mended; `null` where nobody has tried, or it was. */
  readonly error: string | null;
}

/** What comparing needs. */
export interface ReconcileOptions extends SubscribeOptions {
  readonly store: Pick<ConfigurationStore, 'get' | 'write' | 'locateRegistration'>;
  /** What every URL of this hub's registrations begins with. */
  readonly urlPrefix: string;
}

/** What of a connection is compared. */
export interface Reconciling extends Pick<Subscribing, 'tenant' | 'connector' | 'ask'> {
  readonly subscriptions: WebhookSubscriptions;
  /** Registrations that the hub has made at the provider; their targets are looked at. */
  readonly rows: readonly Row<'registration'>[];
  /** Tell what differs, and change nothing. */
  readonly dryRun: boolean;
  /** Take away what is unknown. */
  readonly removeUnknown: boolean;
}

/** Compares registrations with the provider's list, target by target, and mends what differs, each under its own lease. */
export async function reconcileRegistrations(options: ReconcileOptions, reconciling: Reconciling): Promise<readonly RegistrationFinding[]> {
  const byTarget = Map.groupBy(reconciling.rows, ({ value }) => value.subscription?.target ?? null);
  const findings: RegistrationFinding[] = [];
  for (const [target, rows] of byTarget) findings.push(...(await compareTarget(options, reconciling, { target, rows })));
  return findings;
}

interface Target {
  readonly target: string | null;
  readonly rows: readonly Row<'registration'>[];
}

async function compareTarget(
  options: ReconcileOptions,
  reconciling: Reconciling,
  { target, rows }: Target,
): Promise<readonly RegistrationFinding[]> {
  const { tenant, ask, subscriptions, dryRun } = reconciling;
  try {
    const listed = await ask((call) => soundList(subscriptions, { ...call, target }));
    const findings: RegistrationFinding[] = [];
    for (const row of rows) findings.push(...(await compareOne(options, reconciling, { row, listed })));
    return [...findings, ...(await findUnknown(options, reconciling, { target, rows, listed }))];
  } catch (error) {
    const { message } = toErrorRecord(error);
    if (!dryRun) for (const row of rows) await recordFailure(options, { tenant, row, error, during: 'look' });
    return rows.map((row) => finding('unreachable', row, { error: message }));
  }
}

interface Listed {
  readonly row: Row<'registration'>;
  readonly listed: readonly ListedSubscription[];
}

async function compareOne(options: ReconcileOptions, reconciling: Reconciling, { row, listed }: Listed): Promise<RegistrationFinding[]> {
  const { tenant, subscriptions, dryRun } = reconciling;
  const url = options.urlOf(row);
  const { providerId, status } = row.value.subscription ?? { providerId: null, status: 'failed' };
  const own = listed.filter((each) => each.id === providerId || each.url === url);
  const [first] = own.toSorted((one, other) => Number(other.id === providerId) - Number(one.id === providerId));
  const isFinished = status !== 'pending' && status !== 'failed';
  const kind = first === undefined ? 'missing' : own.length > 1 ? 'twice' : 'different';
  if (
    first !== undefined &&
    kind === 'different' &&
    isFinished &&
    isAsWanted(subscriptions, first, { url, triggers: row.value.triggers })
  ) {
    if (!dryRun) await recordSuccess(options, { tenant, row, held: first });
    return [];
  }
  if (dryRun) return [finding(kind, row)];
  const { error } = await subscribeRegistration(options, { ...reconciling, registration: row.id, isDoubted: true });
  return [error === null ? finding(kind, row, { mended: true }) : finding(kind, row, { error: toErrorRecord(error).message })];
}

async function findUnknown(
  { store, urlPrefix }: ReconcileOptions,
  { ask, subscriptions, dryRun, removeUnknown }: Reconciling,
  { target, listed }: Target & { readonly listed: readonly ListedSubscription[] },
): Promise<readonly RegistrationFinding[]> {
  const findings: RegistrationFinding[] = [];
  for (const { id, url } of listed) {
    const registration = url === null ? undefined : registrationIn(url, urlPrefix);
    if (registration === undefined) continue;
    // Asked now and of all tenants: one may just have been made, and two tenants may have registered the same thing.
    if (isUuid(registration) && (await store.locateRegistration(registration)) !== null) continue;
    const removes = removeUnknown && !dryRun;
    if (removes) await ask((call) => removeAtProvider(subscriptions, { ...call, target, id }));
    findings.push({ kind: 'unknown', registration: null, target, providerId: id, mended: removes, error: null });
  }
  return findings;
}

/** Whose URL it is, whatever a person wrote behind it; `undefined` for one of elsewhere, and for that of an app. */
function registrationIn(url: string, prefix: string): string | undefined {
  const [, registration] = url.startsWith(prefix) ? url.slice(prefix.length).split(/[/?#]/) : [];
  return registration === '' ? undefined : registration;
}

function finding(
  kind: RegistrationFinding['kind'],
  { id, value }: Row<'registration'>,
  { mended = false, error = null }: { readonly mended?: boolean; readonly error?: string | null } = {},
): RegistrationFinding {
  const { target = null, providerId = null } = value.subscription ?? {};
  return { kind, registration: id, target, providerId, mended, error };
}

/** The functions of a connector by which webhooks are registered. Throws `unsupported` where a person sets them up. */
export function subscriptionsOf({ id, definition }: Pick<Reconciling['connector'], 'id' | 'definition'>): WebhookSubscriptions {
  const subscriptions = definition.webhook?.subscriptions;
  if (subscriptions) return subscriptions;
  throw new PatchbayError({
    code: 'unsupported',
    message: `The hub cannot look at webhooks of ${id} at its service: a person sets them up there.`,
  });
}
