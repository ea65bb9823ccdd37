import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByNothing } from '../jira-resources.ts';
import { entityId } from '../jira-schemas.ts';
import { deleteOnce } from './delete-once.ts';

/** Deletes a file of an issue. */
export const deleteAttachment = defineAction({
  title: 'Delete attachment',
  description: 'Deletes a file of an issue for good.',
  idempotency: 'idempotent',
  scopes: [{ scope: 'write:jira-work', reason: 'To delete attachments.' }],
  resources: namedByNothing,
  input: z.strictObject({ attachment: entityId.describe('Id of the attachment.') }),
  output: z.object({ attachment: z.string(), deleted: z.boolean().describe('False where it was not there.') }),
  async run({ input: { attachment }, http }) {
    return { attachment, deleted: await deleteOnce(http, path`/api/3/attachment/${attachment}`) };
  },
});
