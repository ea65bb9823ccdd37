import type { ActionCase, FakeSlack, ProviderReply } from '@patchbay/testing';
import type { WebClient } from '@slack/web-api';

/** What Slack's own client has at hand for the same operation: the same stand-in, prepared by the same case. */
export interface VendorWorld {
  readonly client: WebClient;
  readonly provider: FakeSlack;
  /** The key that our request carried. */
  readonly key: string;
}

/** A case of the conformance suite that says besides how Slack's own client is asked for the same. */
export interface SlackCase extends ActionCase<FakeSlack> {
  /** False for a case that is only compared: the suite's wrong inputs are right for a field that takes any JSON. @default true */
  readonly conforms?: boolean;
  theirs(world: VendorWorld): Promise<unknown>;
}

/** A message of a person in #general: its channel and its ts. */
export function somebodysMessage(provider: FakeSlack): { readonly channel: string; readonly ts: string } {
  const { channel, ts } = provider.addMessage({ channel: provider.channel('general'), text: 'A question' });
  return { channel, ts };
}

/** A message of the app's own in #general. */
export function ownMessage(provider: FakeSlack): { readonly channel: string; readonly ts: string } {
  const { channel, ts } = provider.addMessage({ channel: provider.channel('general'), text: 'An answer', byApp: true });
  return { channel, ts };
}

/** The ts of the last message, which the case has added. */
export const lastTs = (provider: FakeSlack): string => provider.messages().at(-1)?.ts ?? '';

/** A listing by cursor that never ends: one item on each page. */
export const endless = (method: string, field: string, item: (number: number) => NonNullable<ProviderReply['json']>) => ({
  match: new RegExp(`^GET /api/${method.replaceAll('.', '\\.')}`),
  make: (number: number): ProviderReply => ({
    json: { ok: true, [field]: [item(number)], response_metadata: { next_cursor: `page-${number}` } },
  }),
});

/** A listing by numbers that never ends. */
export const endlessByNumber = (method: string, fields: (number: number) => Record<string, NonNullable<ProviderReply['json']>>) => ({
  match: new RegExp(`^GET /api/${method.replaceAll('.', '\\.')}`),
  make: (number: number): ProviderReply => ({ json: { ok: true, ...fields(number) } }),
});
