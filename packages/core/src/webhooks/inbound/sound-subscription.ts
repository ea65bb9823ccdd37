import type {
  HeldSubscription,
  ListedSubscription,
  SubscriptionCall,
  WebhookSubscriptions,
} from '../../connector/webhook-subscriptions.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';

const idShape = /^[\x21-\x7e]{1,200}$/;

/** Most subscriptions of one list that are looked at: services allow far fewer. */
const mostListed = 10_000;

/** What a connector says the provider holds. Throws `internal` for what cannot be kept: without its id nobody could take it away again. */
export function soundHeld(connector: string, held: HeldSubscription): HeldSubscription {
  const { id, expiresAt } = held ?? {};
  const isSound = typeof id === 'string' && idShape.test(id) && (expiresAt === undefined || (Number.isFinite(expiresAt) && expiresAt > 0));
  if (isSound) return expiresAt === undefined ? { id } : { id, expiresAt: Math.round(expiresAt) };
  throw new PatchbayError({
    code: 'internal',
    message: `The connector ${connector} answers no usable id or end of a subscription. Report it to its author.`,
  });
}

/** The provider's list, each subscription once, without what has no usable id: what two pages of it name is no twin to be taken away. */
export async function soundList(
  { list }: Pick<WebhookSubscriptions, 'list'>,
  call: SubscriptionCall,
): Promise<readonly ListedSubscription[]> {
  const listed = await list(call);
  const sound = [...listed].slice(0, mostListed).filter(({ id }) => typeof id === 'string' && idShape.test(id));
  return [...new Map(sound.map((each) => [each.id, each])).values()];
}
