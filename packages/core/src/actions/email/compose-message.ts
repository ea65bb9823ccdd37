import MailComposer from 'nodemailer/lib/mail-composer';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { EmailInput } from './email-input.ts';
import { type Mailbox, parseMailbox } from './mailbox.ts';

/** A mail as it is sent. */
export interface ComposedMail {
  readonly messageId: string;
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly bytes: Buffer;
}

/** Marks that have a line read in another order than it stands, so that one name looks like another; text that is written from right to left needs none. */
const turning = /[\u202a-\u202e\u2066-\u2069]/g;

/** Largest mail, bytes as they are sent. */
const largest = 4_194_304;

/** Writes a mail: the same bytes for the same input, key and time, so that every attempt sends the same. Throws `invalid_input`. */
export async function composeMessage(
  input: EmailInput,
  { from, key, at }: { readonly from: Mailbox; readonly key: string; readonly at: number },
): Promise<ComposedMail> {
  const { subject, text, dangerouslyRawHtml: html } = input;
  const [to, cc, bcc] = [input.to, input.cc, input.bcc].map(mailboxesOf);
  const messageId = `<${key}@${from.address.slice(from.address.indexOf('@') + 1)}>`;
  const mail = new MailComposer({
    from,
    to: [...(to ?? [])],
    cc: [...(cc ?? [])],
    ...(input.replyTo === undefined ? {} : { replyTo: [...mailboxesOf(input.replyTo)] }),
    subject: subject.replace(turning, ''),
    ...(text === undefined ? {} : { text }),
    ...(html === undefined ? {} : { html }),
    messageId,
    date: new Date(at),
    // Automatic answers to it would answer a program (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated' },
    baseBoundary: key,
    // Text is text: it never names a file or a URL to be read.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const bytes = await mail.compile().build();
  if (bytes.byteLength > largest)
    throw new PatchbayError({
      code: 'invalid_input',
      message: `The mail is larger than ${largest} bytes. Send less, or a link to it.`,
      sent: 'no',
    });
  const recipients = [to, cc, bcc].flatMap((each) => each ?? []).map(({ address }) => address);
  return { messageId, envelope: { from: from.address, to: [...new Set(recipients)] }, bytes };
}

function mailboxesOf(given: string | readonly string[] | undefined): readonly Mailbox[] {
  return [given].flat().flatMap((text) => parseMailbox(text) ?? []);
}
