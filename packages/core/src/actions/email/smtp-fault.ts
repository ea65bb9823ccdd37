import type { NodemailerError } from 'nodemailer';
import type { ErrorCode } from '../../errors/error-code.ts';
import { isPatchbayError, PatchbayError } from '../../errors/patchbay-error.ts';

/** What is said of each kind of failure that has no answer of the server's. */
const kinds: Readonly<Record<string, readonly [code: ErrorCode, message: string]>> = {
  ETIMEDOUT: ['timeout', 'The mail server did not answer in time'],
  ETLS: [
    'network',
    'The connection to the mail server could not be secured. Its certificate must be valid for its name, and STARTTLS offered',
  ],
  ESOCKET: ['network', 'The connection to the mail server was lost'],
  ECONNECTION: ['network', 'The mail server closed the connection'],
  EPROTOCOL: ['response_invalid', 'The mail server does not speak SMTP'],
  ENOAUTH: ['authentication_failed', 'The mail server does not take the way of signing in'],
  EAUTH: ['authentication_failed', 'The mail server does not take the way of signing in'],
  EABORT: ['aborted', 'The sending of the mail was stopped'],
};

/**
 * The error of a mail that was not taken. `isBegun`: the server had asked for the mail by then, so that it may have it; but an answer to the mail itself says
 * that it has not. Nothing of the server's text is repeated, which holds addresses and whatever else it likes.
 */
export function smtpFault(thrown: unknown, { isBegun }: { readonly isBegun: boolean }): PatchbayError {
  if (isPatchbayError(thrown)) return thrown;
  const fault: Partial<NodemailerError> = thrown instanceof Error ? thrown : {};
  const { responseCode: status, code = '', command } = fault;
  const isAnswered = status !== undefined && (!isBegun || command === 'DATA');
  const sent = isBegun && !isAnswered ? 'maybe' : 'no';
  // A server that refuses to be secured says so with a status, which is not about the mail.
  if (isAnswered && status >= 400 && code !== 'ETLS') return answered(status, fault);
  const [errorCode, text] = kinds[code] ?? ['network', 'The mail could not be handed to the mail server'];
  const isFinal = errorCode === 'authentication_failed' || errorCode === 'response_invalid';
  return new PatchbayError({ code: errorCode, message: `${text}.`, retryable: !isFinal, sent, details: { reason: code } });
}

function answered(status: number, { code, response }: Partial<NodemailerError>): PatchbayError {
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response ?? '')?.[1];
  const shown = enhanced === undefined ? `${status}` : `${status} ${enhanced}`;
  const details = { status, ...(enhanced === undefined ? {} : { enhanced }) };
  const isPassing = status < 500 || status === 503;
  if (code === 'EAUTH' && !isPassing)
    return new PatchbayError({
      code: 'authentication_failed',
      message: `The mail server refused the user name or the password (${shown}). Correct email.transport.auth.`,
      sent: 'no',
      details,
    });
  return new PatchbayError({
    code: isPassing ? 'provider_unavailable' : 'provider_rejected',
    message: `The mail server answered ${shown}${isPassing ? ' and may take the mail later' : '; look at the addresses and at what the sender may send'}.`,
    retryable: isPassing,
    sent: 'no',
    details,
  });
}
