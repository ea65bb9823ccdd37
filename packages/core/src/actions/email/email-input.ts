import { z } from 'zod';
import { parseMailbox } from './mailbox.ts';

/** Most mailboxes of one mail, to, cc and bcc together. */
export const mostRecipients = 50;

/** Longest text of a mail, characters. */
const longestText = 500_000;

const mailbox = z
  .string()
  .refine((text) => parseMailbox(text) !== undefined, 'must be one mailbox, such as ada@example.com or Ada <ada@example.com>');
const mailboxes = z.union([mailbox, z.array(mailbox).min(1).max(mostRecipients)]);

/** What a mail says, and to whom. */
export const emailInput = z
  .strictObject({
    to: mailboxes.describe('Whom it is to: one mailbox or a list.'),
    cc: mailboxes.optional(),
    bcc: mailboxes.optional(),
    replyTo: mailbox.optional().describe('Where answers go.'),
    subject: z
      .string()
      .min(1)
      .max(500)
      .refine((text) => !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(text), 'must be one line without control characters'),
    text: z.string().min(1).max(longestText).optional().describe('The mail as plain text.'),
    dangerouslyRawHtml: z
      .string()
      .min(1)
      .max(longestText)
      .optional()
      .describe('The mail as HTML. What an expression gives is put in as it is: whoever wrote that value writes into the mail.'),
  })
  .refine(({ text, dangerouslyRawHtml }) => text !== undefined || dangerouslyRawHtml !== undefined, 'a mail has a text')
  .refine(
    ({ to, cc, bcc }) => [to, cc, bcc].flat().filter((each) => each !== undefined).length <= mostRecipients,
    `a mail has at most ${mostRecipients} recipients, to, cc and bcc together`,
  );

/** Input of `email.send`. */
export interface EmailInput {
  /** One mailbox or a list: `ada@example.com`, `Ada <ada@example.com>`. At most 50, all kinds together. */
  readonly to: string | readonly string[];
  readonly cc?: string | readonly string[];
  readonly bcc?: string | readonly string[];
  /** Where answers go. */
  readonly replyTo?: string;
  readonly subject: string;
  /** The mail as plain text; it has this or HTML. */
  readonly text?: string;
  /** The mail as HTML. What an expression gives is put in as it is: whoever wrote that value writes into the mail. */
  readonly dangerouslyRawHtml?: string;
}

/** What later steps read of a mail that was sent. */
export const emailOutput = z.object({
  messageId: z.string().describe('The Message-ID, the same on every attempt.'),
  accepted: z.number().describe('How many recipients the server took.'),
  rejected: z.array(z.string()).describe('Addresses that the server refused while it took others.'),
});
