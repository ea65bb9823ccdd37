import type { ProviderFault } from '../../../connector/provider-answer.ts';

/** What a code means; `sent: 'no'` where the service says it before it does anything. */
export type CodeMeaning = Pick<ProviderFault, 'code' | 'message' | 'retryable' | 'sent'>;

const meaning = (code: CodeMeaning['code'], message: string): CodeMeaning => ({ code, message, retryable: false, sent: 'no' });

const refused = meaning('authentication_failed', 'The service refuses the credential. Connect the account again.');
const forbidden = meaning('permission_denied', 'The account may not do this. Give it the permission it lacks.');
const unscoped = meaning('scope_missing', 'The account was not granted a scope that this needs. Connect it again.');
const absent = meaning('provider_not_found', 'The service has no such thing, or does not show it to this account.');
const changed = meaning('provider_conflict', 'The service says that the thing has changed or is there already.');
const wrong = meaning('provider_rejected', 'The service does not accept the query or its variables. Correct them.');
const limited: CodeMeaning = { ...meaning('rate_limited', 'The service limits the rate; the call is tried again later.'), retryable: true };
const failed: CodeMeaning = { code: 'provider_error', retryable: true, message: 'The service failed while it worked on the query.' };
const away: CodeMeaning = {
  code: 'provider_unavailable',
  retryable: true,
  message: 'The service is not available; the call is tried again later.',
};

/** Codes of `extensions.code`, `extensions.type` and `type`, as Apollo's server, GitHub, Linear, Monday and Shopify write them. */
const meanings: ReadonlyMap<string, CodeMeaning> = new Map([
  ['UNAUTHENTICATED', refused],
  ['UNAUTHORIZED', refused],
  ['AUTHENTICATION_ERROR', refused],
  ['FORBIDDEN', forbidden],
  ['ACCESS_DENIED', forbidden],
  ['PERMISSION_DENIED', forbidden],
  ['INSUFFICIENT_SCOPES', unscoped],
  ['RATELIMITED', limited],
  ['RATE_LIMITED', limited],
  ['RATE_LIMIT_EXCEEDED', limited],
  ['THROTTLED', limited],
  ['COMPLEXITYEXCEPTION', limited],
  ['COMPLEXITY_BUDGET_EXHAUSTED', limited],
  ['NOT_FOUND', absent],
  ['CONFLICT', changed],
  ['BAD_USER_INPUT', wrong],
  ['BAD_REQUEST', wrong],
  ['INVALID_INPUT', wrong],
  ['GRAPHQL_PARSE_FAILED', wrong],
  ['GRAPHQL_VALIDATION_FAILED', wrong],
  ['OPERATION_RESOLUTION_FAILURE', wrong],
  ['MAX_COST_EXCEEDED', wrong],
  ['MAX_NODE_LIMIT_EXCEEDED', wrong],
  ['INTERNAL_SERVER_ERROR', failed],
  ['SERVICE_UNAVAILABLE', away],
  ['TIMEOUT', away],
]);

/** `undefined` for a code that nobody has described. */
export function meaningOfCode(code: string | undefined): CodeMeaning | undefined {
  return code === undefined ? undefined : meanings.get(code.toUpperCase().replaceAll(/[\s-]+/g, '_'));
}
