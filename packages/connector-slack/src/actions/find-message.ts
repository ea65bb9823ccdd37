import { type ConnectorHttp, type IdempotencyKey, isPatchbayError, path, type Reconciliation } from '@patchbay/core';
import type { z } from 'zod';
import { identitySchema, markedMessagesSchema, type postedSchema } from '../slack-schemas.ts';
import { findChannel } from './find-channel.ts';
import { metadataKey, metadataType } from './post-message.ts';

type Posted = z.output<typeof postedSchema>;
type ListedMessage = z.output<typeof markedMessagesSchema>['messages'][number];

/** What is looked for: a message of ours in a channel or one of its threads. */
export interface Search {
  readonly channel: string;
  readonly thread?: string;
  readonly http: ConnectorHttp;
  readonly key: IdempotencyKey;
  /** When it was first sent, milliseconds since 1970. */
  readonly since: number;
}

/** How far Slack's clock and ours may be apart, in milliseconds. */
const clockTolerance = 300_000;

const mostMessages = 2_000;

/**
 * Looks for the message that carries the key. `absent` is said only when every message of ours since then was seen with its
 * metadata: a token that may not read the history, or is shown no metadata, cannot tell.
 */
export async function findMessage(search: Search): Promise<Reconciliation<Posted>> {
  try {
    const channel = await channelOf(search);
    if (channel === undefined)
      return { answer: 'cannot_tell', reason: `No channel that the app can list is called ${search.channel}. Use its id.` };
    return await searchMessages(channel, search);
  } catch (error) {
    if (isPatchbayError(error) && ['scope_missing', 'permission_denied', 'provider_not_found'].includes(error.code)) {
      return { answer: 'cannot_tell', reason: `The history of the channel cannot be read. ${error.message}` };
    }
    throw error;
  }
}

async function searchMessages(channel: string, { thread, http, key, since }: Search): Promise<Reconciliation<Posted>> {
  const identity = await http.get(path`/auth.test`, { response: identitySchema });
  const isOurs = ({ user, bot_id: bot }: ListedMessage): boolean =>
    user === identity.user_id || (bot !== undefined && bot === identity.bot_id);
  const oldest = ((since - clockTolerance) / 1000).toFixed(6);
  const query = { channel, ...(thread === undefined ? {} : { ts: thread }), oldest, limit: 200, include_all_metadata: true };
  const messages = http.pages(thread === undefined ? path`/conversations.history` : path`/conversations.replies`, {
    query,
    response: markedMessagesSchema,
    items: (page) => page.messages,
    paging: { by: 'cursor', cursor: (page) => page.response_metadata?.next_cursor },
  });
  let seen = 0;
  let unmarked = 0;
  for await (const message of messages) {
    const mark = markOf(message);
    if (mark === key.value) return { answer: 'found', output: { channel, ts: message.ts } };
    if (++seen > mostMessages) return { answer: 'cannot_tell', reason: `More than ${mostMessages} messages have come since.` };
    // A thread's first message comes whatever its age.
    if (mark === undefined && message.ts !== thread && isOurs(message)) unmarked += 1;
  }
  if (unmarked === 0) return { answer: 'absent' };
  return { answer: 'cannot_tell', reason: `${unmarked} messages of this account carry no metadata, so one of them may be the one.` };
}

/** The key in a message's metadata, `undefined` where it has none of ours. */
function markOf({ metadata }: ListedMessage): unknown {
  return metadata?.event_payload[metadata.event_type === metadataType ? 'key' : metadataKey];
}

/** The id of a channel that may be given by name. A direct message given by its user has no id that can be looked up. */
async function channelOf({ channel, http }: Search): Promise<string | undefined> {
  if (/^[CGD][A-Z0-9]{2,}$/.test(channel)) return channel;
  return await findChannel({ http, name: channel.replace(/^#/, '') });
}
