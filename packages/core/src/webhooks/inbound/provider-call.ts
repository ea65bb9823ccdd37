import type { SubscriptionCall } from '../../connector/webhook-subscriptions.ts';

/** What a connector's functions are handed besides what they are asked for. */
export type ProviderCall = Pick<SubscriptionCall, 'http' | 'settings' | 'signal'>;

/**
 * Asks a provider through one connection, within 30 seconds. Throws what the gateway throws, `credential_missing` where the connection is not
 * active, and `timeout`.
 */
export type AskProvider = <Answer>(ask: (call: ProviderCall) => Promise<Answer>) => Promise<Answer>;
