import type {
  HeldSubscription,
  KnownSubscription,
  ListedSubscription,
  WantedSubscription,
  WebhookSubscriptions,
} from '../../connector/webhook-subscriptions.ts';
import { isPatchbayError } from '../../errors/patchbay-error.ts';
import { soundHeld, soundList } from './sound-subscription.ts';

/** A subscription that is to stand at the provider, once. */
export interface Holding {
  readonly connector: string;
  readonly subscriptions: WebhookSubscriptions;
  readonly wanted: WantedSubscription;
  /** The provider's id, where it is known. */
  readonly providerId: string | null;
  /** Nobody has tried before, so the provider cannot have it. */
  readonly isNew: boolean;
  /** What stands there already has another secret, or may have. */
  readonly isChanged: boolean;
}

/**
 * Has the provider hold one subscription for a URL. Where somebody has tried before, the provider's list says what is there: it is taken over, and
 * what is there twice is taken away, so that a lost answer makes no second one.
 */
export async function holdAtProvider(holding: Holding): Promise<HeldSubscription> {
  const { connector, subscriptions, wanted, isNew } = holding;
  const [first, ...more] = isNew ? [] : await ownOnes(holding);
  for (const { id } of more) await removeAtProvider(subscriptions, { ...wanted, id });
  if (first === undefined) return soundHeld(connector, await subscriptions.create(wanted));
  if (!holding.isChanged && isAsWanted(subscriptions, first, wanted)) return soundHeld(connector, first);
  if (subscriptions.update) return soundHeld(connector, await subscriptions.update({ ...wanted, id: first.id }));
  await removeAtProvider(subscriptions, { ...wanted, id: first.id });
  return soundHeld(connector, await subscriptions.create(wanted));
}

/** Takes one away; one that is gone already is as good. */
export async function removeAtProvider({ remove }: Pick<WebhookSubscriptions, 'remove'>, known: KnownSubscription): Promise<void> {
  try {
    await remove(known);
  } catch (error) {
    if (!isPatchbayError(error) || error.code !== 'provider_not_found') throw error;
  }
}

/** True where a listed subscription needs no change: its URL, its triggers, and that it delivers. */
export function isAsWanted(
  { comeWith }: Pick<WebhookSubscriptions, 'comeWith'>,
  listed: ListedSubscription,
  { url, triggers }: Pick<WantedSubscription, 'url' | 'triggers'>,
): boolean {
  const has = new Set(listed.triggers);
  const wanted = new Set(comeWith?.(triggers) ?? triggers);
  const isSame = has.size === wanted.size && [...wanted].every((trigger) => has.has(trigger));
  return isSame && (listed.url === null || listed.url === url) && listed.active !== false;
}

/** Those of the registration, the one that is known first. */
async function ownOnes({ subscriptions, wanted, providerId }: Holding): Promise<readonly ListedSubscription[]> {
  const listed = await soundList(subscriptions, wanted);
  const own = listed.filter(({ id, url }) => id === providerId || url === wanted.url);
  return own.toSorted((one, other) => Number(other.id === providerId) - Number(one.id === providerId));
}
