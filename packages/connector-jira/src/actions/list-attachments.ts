import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { attachmentAnswer, shownAttachment, toShownAttachment } from '../formats/shown-attachment.ts';
import { namedByIssue } from '../jira-resources.ts';
import { issueIdOrKey } from '../jira-schemas.ts';

/** The files of an issue. They are a field of it, all in one answer. */
export const listAttachments = defineAction({
  title: 'List attachments',
  description: 'Lists the files that are attached to an issue.',
  idempotency: 'read',
  scopes: [{ scope: 'read:jira-work', reason: 'To read attachments.' }],
  resources: namedByIssue,
  input: z.strictObject({ issue: issueIdOrKey.describe('Key or id of the issue.') }),
  output: z.object({ attachments: z.array(shownAttachment) }),
  async run({ input: { issue }, http }) {
    const { fields } = await http.get(path`/api/3/issue/${issue}`, {
      query: { fields: 'attachment' },
      response: z.object({ fields: z.object({ attachment: z.array(attachmentAnswer).nullish() }) }),
    });
    return { attachments: (fields.attachment ?? []).map(toShownAttachment) };
  },
});
