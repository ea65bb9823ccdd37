import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByIssue } from '../jira-resources.ts';
import { issueIdOrKey } from '../jira-schemas.ts';

/** Attaches a file. Jira keeps two of the same name beside each other and takes no mark of ours with one, so nothing repeats it. */
export const addAttachment = defineAction({
  title: 'Add attachment',
  description: 'Attaches a file to an issue: a text, or bytes as base64.',
  idempotency: 'unsafe',
  scopes: [{ scope: 'write:jira-work', reason: 'To attach files.' }],
  resources: namedByIssue,
  timeoutMs: 60_000,
  input: z
    .strictObject({
      issue: issueIdOrKey.describe('Key or id of the issue.'),
      name: z
        .string()
        .regex(/^[^/\\\p{Cc}"]{1,255}$/u)
        .describe('Name of the file.'),
      content_type: z
        .string()
        .regex(/^[\w.+-]{1,100}\/[\w.+-]{1,100}$/)
        .optional(),
      text: z.string().optional(),
      base64: z.base64().optional(),
    })
    .refine(({ text, base64 }) => (text === undefined) !== (base64 === undefined), {
      error: 'Give the content either as text or as base64.',
    }),
  output: z.object({ id: z.string(), name: z.string(), size: z.number(), content_type: z.string().nullable() }),
  async run({ input: { issue, name, content_type: contentType, text, base64 }, http }) {
    const bytes = text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text, 'utf8');
    const part = { name: 'file', fileName: name, bytes, ...(contentType === undefined ? {} : { contentType }) };
    // The header x-atlassian-token, without which Jira refuses forms, goes with every request of the connector.
    const [made] = await http.post(path`/api/3/issue/${issue}/attachments`, {
      multipart: [part],
      response: z.tuple(
        [z.object({ id: z.string(), filename: z.string(), size: z.number(), mimeType: z.string().nullish() })],
        z.unknown(),
      ),
    });
    return { id: made.id, name: made.filename, size: made.size, content_type: made.mimeType ?? null };
  },
});
