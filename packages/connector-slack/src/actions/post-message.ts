import { type ConnectorHttp, type IdempotencyKey, path } from '@patchbay/core';
import { z } from 'zod';
import { messageMetadata } from '../formats/block-kit.ts';
import { contentInput, postedSchema, unfurlInput } from '../slack-schemas.ts';
import { composeMessage } from './compose-message.ts';

/** The kind of our messages' metadata, where the caller gives none; Slack keeps it beside a message and no reader sees it. */
export const metadataType = 'patchbay_message';

/** The field of the metadata that holds the key, beside those of the caller. */
export const metadataKey = 'patchbay_key';

/** Input fields of what is posted for everybody. */
export const postInput = {
  ...contentInput,
  format: z.enum(['mrkdwn', 'plain']).default('mrkdwn').describe('plain shows the text as it is: no markup, links or mentions.'),
  metadata: messageMetadata.optional(),
  ...unfurlInput,
};

type Post = z.output<z.ZodObject<typeof postInput>>;

/** What a message is made of. */
export interface Message extends Post {
  readonly channel: string;
  readonly thread_ts?: string;
  readonly reply_broadcast?: boolean | undefined;
}

/** Posts a message that carries the key in its metadata. Slack takes no idempotency key: a repeat would be a second message. */
export async function postMessage({ message, http, key }: { message: Message; http: ConnectorHttp; key: IdempotencyKey }) {
  const { format, metadata, ...rest } = message;
  const composed = composeMessage(rest);
  const { text } = rest;
  const json = {
    ...composed,
    ...(format === 'plain' && text !== undefined ? { text: plainText(text) } : {}),
    ...(format === 'plain' ? { mrkdwn: false } : {}),
    metadata: markedMetadata(metadata, key.value),
  };
  return await http.post(path`/chat.postMessage`, { json, response: postedSchema });
}

/** Metadata by which the message is found again. */
function markedMetadata(metadata: Post['metadata'], key: string) {
  if (metadata === undefined) return { event_type: metadataType, event_payload: { key } };
  return { ...metadata, event_payload: { ...metadata.event_payload, [metadataKey]: key } };
}

/** A text without any markup. https://docs.slack.dev/messaging/formatting-message-text#escaping */
export const plainText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
