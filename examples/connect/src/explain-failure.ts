import { isPatchbayError } from '@patchbay/core';
import type { Notice } from './sessions.ts';

const titles: Readonly<Record<string, string>> = {
  access_denied: 'The permission was not given',
  flow_ended: 'That was finished, or took too long',
  other_user: 'That was begun by somebody else',
  temporarily_unavailable: 'The service is not available',
  site_not_granted: 'The site was not among those that you allowed',
};

const texts: Readonly<Record<string, string>> = {
  access_denied: 'You, or the service, said no. Nothing was connected. Connect again whenever you like.',
  temporarily_unavailable: 'The service cannot give the permission at the moment. Try again in a few minutes.',
};

const isAway: ReadonlySet<string> = new Set(['provider_unavailable', 'provider_error', 'timeout', 'network', 'rate_limited']);

/** What a person is told where connecting came to nothing. What an error holds besides its message is for the log. */
export function explainError(error: unknown): Notice {
  if (!isPatchbayError(error)) return bad('Something went wrong', 'Nothing was connected. Try again; if it goes on, tell us.');
  const reason = String(error.details['reason'] ?? '');
  if (error.code === 'connect_failed') return bad(titles[reason] ?? 'It could not be connected', error.message);
  if (isAway.has(error.code)) return bad('The service does not answer', 'Nothing was connected. Try again in a few minutes.');
  if (error.code === 'credential_missing') return bad('It cannot be connected yet', 'Nobody has registered this app at the service.');
  return bad('It could not be connected', error.message);
}

/** The same for the word with which the hub sends a browser back. A word that it does not know is not repeated: anybody can write an address. */
export function explainReason(reason: string): Notice {
  const text = Object.hasOwn(texts, reason) ? texts[reason] : undefined;
  return bad((text && titles[reason]) ?? 'It could not be connected', text ?? 'Nothing was connected. Begin again from here.');
}

const bad = (title: string, text: string): Notice => ({ kind: 'bad', title, text });
