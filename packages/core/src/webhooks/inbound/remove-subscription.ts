import type { WebhookSubscriptions } from '../../connector/webhook-subscriptions.ts';
import { removeAtProvider } from './hold-at-provider.ts';
import type { ProviderCall } from './provider-call.ts';
import type { RemovalInput } from './removal.ts';
import { soundList } from './sound-subscription.ts';

/** Takes away at the provider what a registration has there: what is known by its id, else all that its list names with the registration's URL. */
export async function removeSubscription(
  subscriptions: WebhookSubscriptions,
  call: ProviderCall,
  { url, target, providerId }: Pick<RemovalInput, 'url' | 'target' | 'providerId'>,
): Promise<void> {
  if (providerId !== null) return removeAtProvider(subscriptions, { ...call, target, id: providerId });
  for (const { id, url: listed } of await soundList(subscriptions, { ...call, target }))
    if (listed === url) await removeAtProvider(subscriptions, { ...call, target, id });
}
