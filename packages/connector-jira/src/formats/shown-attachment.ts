import { z } from 'zod';
import { userSchema } from '../jira-schemas.ts';
import { shownPerson, toShownPerson } from './shown-issue.ts';

/** What is known of a file. Its id is a number in one answer of Jira's and a text in others. */
export const attachmentAnswer = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  filename: z.string(),
  author: userSchema.nullish().catch(null),
  created: z.string(),
  size: z.number(),
  mimeType: z.string().nullish(),
});

/** A file as actions give it. */
export const shownAttachment = z.object({
  id: z.string(),
  name: z.string(),
  author: shownPerson,
  created: z.string(),
  size: z.number().describe('Bytes.'),
  content_type: z.string().nullable(),
});

/** An answer in that form. */
export function toShownAttachment({ id, filename, author, created, size, mimeType }: z.output<typeof attachmentAnswer>) {
  return { id, name: filename, author: toShownPerson(author), created, size, content_type: mimeType ?? null };
}
