import { z } from 'zod';
import { isJsonRecord } from './json-record.ts';

/** A block or a view as Slack documents it: its `type`, and the fields of that type. Which these are is Slack's to say. */
const typed = z.object({ type: z.string().min(1).max(100) }).catchall(z.json());

/** Blocks of a message. https://docs.slack.dev/reference/block-kit/blocks */
export const messageBlocks = z.array(typed).min(1).max(50).describe('Blocks of Block Kit, at most 50.');

/** Secondary attachments. https://docs.slack.dev/messaging/formatting-message-text#attachments */
export const messageAttachments = z.array(z.record(z.string(), z.json())).min(1).max(100).describe('Secondary attachments, at most 100.');

/** What Slack keeps beside a message for apps. https://docs.slack.dev/messaging/message-metadata */
export const messageMetadata = z
  .strictObject({ event_type: z.string().regex(/^[A-Za-z0-9_]{1,255}$/), event_payload: z.record(z.string(), z.json()) })
  .describe('Metadata for apps: a name, and any fields.');

/** A modal. https://docs.slack.dev/reference/views/modal-views */
export const modalView = typed.extend({ type: z.literal('modal'), blocks: z.array(typed).max(100) }).describe('A modal of Block Kit.');

/** The Home tab of a person. https://docs.slack.dev/reference/views/home-tab-views */
export const homeView = typed.extend({ type: z.literal('home'), blocks: z.array(typed).max(100) }).describe('A Home tab of Block Kit.');

const broadcast = /<!(?=\s*(?:channel|here|everyone|group|subteam))/gi;

/** A text in which `<!channel>` and its like are shown and notify nobody. https://docs.slack.dev/messaging/formatting-message-text */
export const quietText = (text: string): string => text.replace(broadcast, '&lt;!');

/**
 * Blocks or attachments in which nothing notifies a whole channel or a user group: neither in their texts, nor as an element of rich text. Values of
 * an event are rendered into blocks as they are into texts.
 */
export function quietBlocks<Value>(value: Value): Value;
export function quietBlocks(value: unknown): unknown {
  if (typeof value === 'string') return quietText(value);
  if (Array.isArray(value)) return value.map((each: unknown) => quietBlocks(each));
  if (!isJsonRecord(value)) return value;
  if (value['type'] === 'broadcast') return { type: 'text', text: `@${String(value['range'])}` };
  if (value['type'] === 'usergroup') return { type: 'text', text: `@${String(value['usergroup_id'])}` };
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, quietBlocks(each)]));
}
