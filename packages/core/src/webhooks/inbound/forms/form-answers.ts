import type { FormFault } from '../../../automation/form-data.ts';
import { type DoorAnswer, inertHeaders } from '../door/door-answer.ts';
import { messagePage } from './form-page.ts';

/** What a form says: to a program as JSON, to a person as a page. */
export interface FormWord {
  readonly status: number;
  /** What it says to a program. */
  readonly code: string;
  readonly title: string;
  readonly message: string;
  readonly faults?: readonly FormFault[];
}

/** One answer for all links that lead nowhere: of no form, of another hub's, with a key that somebody has changed. */
export const noForm: FormWord = {
  status: 404,
  code: 'not_found',
  title: 'There is no such form',
  message: 'The link leads nowhere. Look whether all of it was copied, or ask for a new one.',
};

/** The link was good once. */
export const linkEnded: FormWord = {
  status: 410,
  code: 'link_ended',
  title: 'The link has ended',
  message: 'Ask whoever gave it to you for a new one.',
};

/** The automation is disabled, or takes no form any more. */
export const formClosed: FormWord = {
  status: 410,
  code: 'form_closed',
  title: 'The form is closed',
  message: 'Nothing is taken in at the moment. Ask whoever gave you the link.',
};

/** It has been taken in, now or before. */
export const formTaken: FormWord = { status: 202, code: 'accepted', title: 'Thank you', message: 'Your answers have been taken in.' };

/** The same submission came before with other answers. */
export const sentOtherwise: FormWord = {
  status: 409,
  code: 'sent_already',
  title: 'This was sent before',
  message: 'You have sent this form already, with other answers; those were taken in. Open the link again to send it once more.',
};

/** What is in it cannot be taken. */
export const unfit = (faults: readonly FormFault[]): FormWord => ({
  status: 422,
  code: 'invalid',
  title: 'Something is missing or wrong',
  message: 'Nothing was taken in. Go back and correct it.',
  faults,
});

/** The body cannot be read. */
export const unreadable = (status: 400 | 413 | 415, message: string): FormWord => ({
  status,
  code: status === 413 ? 'body_too_large' : 'body_invalid',
  title: 'This cannot be read',
  message,
});

/** Nobody keeps it, nobody frames it, and nothing in it runs. */
const headers = { ...inertHeaders, 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex' };

/** An answer in JSON. */
export const inJson = (status: number, value: unknown): DoorAnswer => ({
  status,
  contentType: 'application/json; charset=utf-8',
  headers,
  body: JSON.stringify(value),
});

/** A page. It may send itself, and nothing else. */
export const asPage = (status: number, body: string): DoorAnswer => ({
  status,
  contentType: 'text/html; charset=utf-8',
  headers: { ...headers, 'content-security-policy': "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'" },
  body,
});

/** True where whoever asks wants a page: browsers say so. */
export const wantsPage = (accept: string | undefined): boolean => (accept ?? '').includes('text/html');

/** Says it as is wanted. */
export function say({ status, code, title, message, faults = [] }: FormWord, isPage: boolean): DoorAnswer {
  if (!isPage) return inJson(status, { status: code, message, ...(faults.length > 0 ? { faults } : {}) });
  return asPage(
    status,
    messagePage(title, [message, ...faults.map(({ field, message: fault }) => `${field === '' ? 'The form' : field}: ${fault}`)]),
  );
}
