import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { attachmentAnswer, shownAttachment, toShownAttachment } from '../formats/shown-attachment.ts';
import { namedByNothing } from '../jira-resources.ts';
import { entityId } from '../jira-schemas.ts';

/** Largest content that is given, bytes: an output has a mebibyte, and base64 takes a third more. */
const largest = 700_000;

/** Reads what is known of a file, and its content where it is wanted. */
export const getAttachment = defineAction({
  title: 'Get attachment',
  description: 'Reads name, size and author of a file, and its content as base64 where it is wanted and has at most 700,000 bytes.',
  idempotency: 'read',
  scopes: [{ scope: 'read:jira-work', reason: 'To read attachments.' }],
  resources: namedByNothing,
  input: z.strictObject({ attachment: entityId.describe('Id of the attachment.'), content: z.boolean().default(false) }),
  output: shownAttachment.extend({
    base64: z.string().nullable().describe('The content; null where it was not asked for, or is too large.'),
  }),
  async run({ input: { attachment, content }, http, warn }) {
    const known = await http.get(path`/api/3/attachment/${attachment}`, { response: attachmentAnswer });
    const shown = toShownAttachment(known);
    if (!content) return { ...shown, base64: null };
    if (known.size > largest) {
      warn(`The file has ${known.size} bytes; its content is given up to ${largest}.`);
      return { ...shown, base64: null };
    }
    // Without this Jira redirects to where the file is kept, and redirects are not followed.
    const { body } = await http.bytes(path`/api/3/attachment/content/${attachment}`, { query: { redirect: false } });
    return { ...shown, base64: Buffer.from(body).toString('base64') };
  },
});
