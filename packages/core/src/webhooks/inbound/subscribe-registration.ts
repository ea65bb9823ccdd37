import type { CredentialVault } from '../../connections/credential-vault.ts';
import type { Connector } from '../../connector/connector-definition.ts';
import type { HeldSubscription, WantedSubscription, WebhookSubscriptions } from '../../connector/webhook-subscriptions.ts';
import type { ConfigurationStore, Row } from '../../contracts/configuration-store.ts';
import type { LeaseStore } from '../../contracts/control-stores.ts';
import type { SubscriptionRecord } from '../../contracts/webhook-records.ts';
import { isPatchbayError, PatchbayError } from '../../errors/patchbay-error.ts';
import type { GenerateId } from '../../id/generate-id.ts';
import type { Notify } from '../../notices/notices.ts';
import { holdAtProvider, removeAtProvider } from './hold-at-provider.ts';
import type { AskProvider } from './provider-call.ts';
import { soundHeld } from './sound-subscription.ts';
import { recordFailure, recordSuccess } from './write-subscription.ts';

/** What bringing a registration to its provider needs. */
export interface SubscribeOptions {
  readonly store: Pick<ConfigurationStore, 'get' | 'write'>;
  readonly vault: Pick<CredentialVault, 'openSecret'>;
  readonly leases: Pick<LeaseStore, 'acquire' | 'release'>;
  readonly generateId: GenerateId;
  readonly now: () => number;
  /** A number between 0 and 1. */
  readonly random: () => number;
  readonly notify: Notify;
  /** Days before the end of a credential at which somebody is reminded. */
  readonly remindDays: readonly number[];
  /** Where the deliveries of a registration go. */
  readonly urlOf: (row: Row<'registration'>) => string;
}

/** A registration that is to stand at its provider. */
export interface Subscribing {
  readonly tenant: string;
  /** Id of the registration. */
  readonly registration: string;
  readonly connector: Connector;
  readonly ask: AskProvider;
  /** Nobody has tried before. */
  readonly isNew?: boolean;
  /** Lengthen its time. @default bring it there, or up to date */
  readonly renews?: boolean;
  /** What stands there is not as it should be, whatever its status. */
  readonly isDoubted?: boolean;
}

/** The registration as it is afterwards, and what went wrong. */
export interface Subscribed {
  /** `null` where it is gone. */
  readonly row: Row<'registration'> | null;
  readonly error: unknown;
}

/** Milliseconds for which one process alone works on a registration at its provider: longer than one try, which has 30 seconds. */
const leaseMs = 90_000;

/**
 * Brings a registration to its provider, or up to date there, and writes what became of it. One process at a time: where another is at it, the
 * registration is answered as it stands. Never throws for what the provider does.
 */
export async function subscribeRegistration(options: SubscribeOptions, subscribing: Subscribing): Promise<Subscribed> {
  const { store, leases, generateId } = options;
  const { tenant, registration } = subscribing;
  const name = `registration:${tenant}:${registration}`;
  const holder = generateId();
  const lease = await leases.acquire({ name, holder, ttlMs: leaseMs });
  const row = await store.get(tenant, 'registration', registration);
  if (!lease) return { row, error: null };
  try {
    const subscription = row?.value.subscription;
    const subscriptions = subscribing.connector.definition.webhook?.subscriptions;
    if (!row || !subscription || !subscriptions) return { row, error: null };
    return await bring(options, subscribing, { row, subscription, subscriptions });
  } finally {
    await leases.release({ name, holder, fence: lease.fence });
  }
}

interface Stand {
  readonly row: Row<'registration'>;
  readonly subscription: SubscriptionRecord;
  readonly subscriptions: WebhookSubscriptions;
}

async function bring(options: SubscribeOptions, subscribing: Subscribing, stand: Stand): Promise<Subscribed> {
  const { tenant, ask } = subscribing;
  const { row, subscription, subscriptions } = stand;
  let secret = '';
  try {
    secret = await newestSecret(options, tenant, row);
    const { target } = subscription;
    const held = await ask((call) => {
      const wanted = { ...call, target, url: options.urlOf(row), triggers: row.value.triggers, secret };
      return subscribing.renews ? renew(subscribing, stand, wanted) : hold(subscribing, stand, wanted);
    });
    const after = await recordSuccess(options, { tenant, row, held });
    // It was unregistered meanwhile: nobody else knows what has just been made.
    if (after === null) await ask((call) => removeAtProvider(subscriptions, { ...call, target, id: held.id })).catch(() => undefined);
    return { row: after, error: null };
  } catch (thrown) {
    const error = withoutSecret(thrown, secret);
    return { row: await recordFailure(options, { tenant, row, error, during: subscribing.renews ? 'renew' : 'bring' }), error };
  }
}

function hold(subscribing: Subscribing, stand: Stand, wanted: WantedSubscription): Promise<HeldSubscription> {
  const { connector, isNew = false, isDoubted = false } = subscribing;
  const { providerId, status } = stand.subscription;
  const { subscriptions } = stand;
  const isChanged = isDoubted || status === 'pending' || status === 'failed';
  return holdAtProvider({ connector: connector.id, subscriptions, wanted, providerId, isNew, isChanged });
}

async function renew(subscribing: Subscribing, stand: Stand, wanted: WantedSubscription): Promise<HeldSubscription> {
  const { providerId } = stand.subscription;
  const { renew: renewIt } = stand.subscriptions;
  // To be brought up to date lengthens its time where the service has no call for that.
  if (providerId === null || renewIt === undefined) return hold({ ...subscribing, isDoubted: true }, stand, wanted);
  try {
    return soundHeld(subscribing.connector.id, await renewIt.call(stand.subscriptions, { ...wanted, id: providerId }));
  } catch (error) {
    // Somebody has taken it away there, or its time was over.
    if (isPatchbayError(error) && error.code === 'provider_not_found') return hold(subscribing, stand, wanted);
    throw error;
  }
}

/** The failure, unless it quotes the secret: a provider may answer with what it was sent. */
function withoutSecret(error: unknown, secret: string): unknown {
  if (!isPatchbayError(error) || secret === '' || !error.message.includes(secret)) return error;
  const { code, retryable } = error;
  return new PatchbayError({
    code,
    retryable,
    message: 'The provider did not take the registration. Its words are withheld: they hold the secret.',
  });
}

/** The secret that the provider is to sign with: the newest, while the one before still verifies. */
async function newestSecret({ vault }: SubscribeOptions, tenant: string, row: Row<'registration'>): Promise<string> {
  const [newest] = row.value.secrets;
  if (newest === undefined) return '';
  const opened = await vault.openSecret({ tenant, registration: row.id, id: newest.id }, newest.sealed);
  return opened.reveal('webhook-verification');
}
