import type { z } from 'zod';
import { quietBlocks, quietText } from '../formats/block-kit.ts';
import type { contentInput } from '../slack-schemas.ts';

/** The content of a message, as an input has it. */
export type MessageContent = z.output<z.ZodObject<typeof contentInput>>;

/** The content as Slack is to get it: nothing in it notifies a whole channel unless the caller allows that. */
export function composeMessage<Content extends MessageContent>({ allow_broadcasts: isAllowed, ...content }: Content) {
  if (isAllowed) return content;
  const { text, blocks, attachments } = content;
  return {
    ...content,
    ...(text === undefined ? {} : { text: quietText(text) }),
    ...(blocks === undefined ? {} : { blocks: quietBlocks(blocks) }),
    ...(attachments === undefined ? {} : { attachments: quietBlocks(attachments) }),
  };
}
