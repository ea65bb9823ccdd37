import type { ProviderAnswer, ProviderFault } from '@patchbay/core';
import { z } from 'zod';

type Meaning = Pick<ProviderFault, 'code' | 'retryable'> & { readonly sent: 'no' | 'maybe'; readonly advice: string };

const answerBody = z.object({
  ok: z.literal(false),
  error: z.string().catch('unknown_error'),
  needed: z.string().optional().catch(undefined),
  provided: z.string().optional().catch(undefined),
});

const refused = (code: ProviderFault['code'], advice: string): Meaning => ({ code, retryable: false, sent: 'no', advice });
const limited: Meaning = {
  code: 'rate_limited',
  retryable: true,
  sent: 'no',
  advice: 'The call is repeated after the time Slack asks for.',
};
const reconnect = refused('authentication_failed', 'Connect again with a valid token.');
const forbidden = refused('permission_denied', 'Invite the app to the channel, or ask an administrator of the workspace.');
const missing = refused('provider_not_found', 'Check the id, and that the app can see it.');
const conflict = refused('provider_conflict', 'Choose another name, or look at what has it.');
const other = refused('provider_rejected', 'Correct the input; https://docs.slack.dev/apis/web-api/ explains the error of each method.');
// Slack's words for both: "It's possible some aspect of the operation succeeded before the error was raised."
const broken: Meaning = {
  code: 'provider_error',
  retryable: true,
  sent: 'maybe',
  advice: 'The message may be there: look before sending it again.',
};
const busy: Meaning = { code: 'provider_unavailable', retryable: true, sent: 'no', advice: 'The call is repeated later.' };

/** The errors that mean something else than a faulty input. Slack has some hundred; all others are `provider_rejected`. */
const meanings: ReadonlyMap<string, Meaning> = new Map([
  ...each(['ratelimited', 'rate_limited', 'message_limit_exceeded'], limited),
  ...each(['not_authed', 'invalid_auth', 'token_revoked', 'token_expired', 'account_inactive'], reconnect),
  ...each(['missing_scope'], refused('scope_missing', 'Add the scope to the app and install it again.')),
  ...each(['access_denied', 'accesslimited', 'ekm_access_denied', 'enterprise_is_restricted', 'no_permission'], forbidden),
  ...each(['not_allowed_token_type', 'not_in_channel', 'org_login_required', 'team_access_not_granted', 'no_access'], forbidden),
  ...each(['channel_not_found', 'message_not_found', 'thread_not_found', 'user_not_found', 'team_not_found'], missing),
  ...each(['users_not_found', 'no_such_subteam', 'file_not_found', 'bookmark_not_found', 'view_not_found'], missing),
  ...each(['name_taken', 'hash_conflict'], conflict),
  ...each(['internal_error', 'fatal_error'], broken),
  ...each(['service_unavailable', 'team_added_to_org', 'request_timeout'], busy),
]);

/** What an answer of Slack means. Slack says its errors in the body, mostly with status 200. */
export function mapSlackError(answer: ProviderAnswer): ProviderFault | undefined {
  const body = answerBody.safeParse(answer.body).data;
  if (body === undefined) return answer.status === 429 ? toFault(limited, 'ratelimited') : undefined;
  // The code goes into messages and the history; Slack's are lower-case words.
  const code = /^[a-z0-9_]{1,64}$/.test(body.error) ? body.error : 'unknown_error';
  const meaning = answer.status === 429 ? limited : (meanings.get(code) ?? (code.startsWith('restricted_action') ? forbidden : other));
  const [needed, provided] = [scopesIn(body.needed), scopesIn(body.provided)];
  return toFault(meaning, code, needed && ` (needed: ${needed}${provided && `; provided: ${provided}`})`);
}

/** What an incoming webhook's answer means. Slack answers it with words, and with a status that says enough: https://docs.slack.dev/messaging */
export function mapWebhookError({ status }: Pick<ProviderAnswer, 'status'>): ProviderFault | undefined {
  if (![403, 404, 410].includes(status)) return undefined;
  const message = `Slack answered ${status}: it does not take the URL any more, or not for this channel. Put the connection with a new URL.`;
  return { code: 'authentication_failed', message, retryable: false, sent: 'no' };
}

// Longer lists are cut: the message is stored.
const longestScopes = 200;

/** A list of scopes, empty where it is none. */
function scopesIn(text = ''): string {
  return /^[a-z0-9_:,. ]+$/.test(text) ? text.slice(0, longestScopes) : '';
}

function toFault({ advice, ...meaning }: Meaning, providerCode: string, detail = ''): ProviderFault {
  return { ...meaning, providerCode, message: `Slack answered ${providerCode}${detail}. ${advice}` };
}

function each(codes: readonly string[], meaning: Meaning): readonly (readonly [string, Meaning])[] {
  return codes.map((code) => [code, meaning]);
}
