import { type ConnectorHttp, type IdempotencyKey, path } from '@patchbay/core';
import type { z } from 'zod';
import { postedSchema, type textInput } from '../slack-schemas.ts';

/** The kind of our messages' metadata, which Slack keeps beside a message and no reader sees. */
export const metadataType = 'patchbay_message';

type Text = z.output<z.ZodObject<typeof textInput>>;

/** What a message is made of. */
export interface Message extends Text {
  readonly channel: string;
  readonly thread_ts?: string;
  readonly reply_broadcast?: boolean | undefined;
}

/** Posts a message that carries the key in its metadata. Slack takes no idempotency key: a repeat would be a second message. */
export async function postMessage({ message, http, key }: { message: Message; http: ConnectorHttp; key: IdempotencyKey }) {
  const { text, format, allow_broadcasts: allowBroadcasts, ...rest } = message;
  const json = {
    ...rest,
    text: writeText({ text, format, allowBroadcasts }),
    ...(format === 'plain' ? { mrkdwn: false } : {}),
    metadata: { event_type: metadataType, event_payload: { key: key.value } },
  };
  return await http.post(path`/chat.postMessage`, { json, response: postedSchema });
}

/**
 * The text as Slack is to get it. In mrkdwn `<!channel>` and its like notify everyone, and values from elsewhere (the title of an
 * issue) are rendered into the text: so they are written as text unless the caller allows them.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
export function writeText({
  text,
  format,
  allowBroadcasts,
}: {
  text: string;
  format: 'mrkdwn' | 'plain';
  allowBroadcasts: boolean;
}): string {
  if (format === 'plain') return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return allowBroadcasts ? text : text.replace(/<!(?=\s*(?:channel|here|everyone|group|subteam))/gi, '&lt;!');
}
