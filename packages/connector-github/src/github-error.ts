import type { ProviderAnswer, ProviderFault } from '@patchbay/core';
import { z } from 'zod';

type Headers = ProviderAnswer['headers'];

// https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api: what a faulty request is told.
const text = z.string().optional();
/** Some faults are told in words alone. */
const wordsAlone = z.string().transform((message) => ({ code: undefined, resource: undefined, field: undefined, message }));
const faultBody = z.object({
  message: z.string().optional().catch(undefined),
  errors: z
    .array(z.union([z.object({ resource: text, field: text, code: text, message: text }), wordsAlone]).catch({}))
    .optional()
    .catch(undefined),
});

/** What the documentation asks for where an answer names no time: at least a minute. */
const leastWaitMs = 60_000;

/** What an answer of GitHub means. Server errors are left to their status. */
export function mapGithubError(answer: ProviderAnswer): ProviderFault | undefined {
  if (answer.status < 400) return graphqlLimit(answer);
  const said = sayingOf(answer.body);
  switch (answer.status) {
    case 401:
      return fault('authentication_failed', `GitHub refused the token (401${said}). Connect again with a valid token.`);
    case 403:
    case 429:
      return limitFault(answer) ?? permissionFault(answer, said);
    case 404:
    case 410:
      return fault(
        'provider_not_found',
        `GitHub answered ${answer.status}${said}: it does not exist, or the token may not see it. Check the names and the token's access.`,
      );
    case 409:
      return fault('provider_conflict', `GitHub reports a conflict (409${said}). Look at its present state, then try again.`);
    case 422:
      // https://docs.github.com/en/webhooks/about-webhooks: 20 of a repository for one event.
      if (!/more than \d+ hooks/.test(said)) break;
      return fault(
        'provider_rejected',
        `GitHub allows no further webhook there (422${said}). Take away one that is not needed, then try again.`,
      );
    default:
      break;
  }
  if (answer.status >= 500 || answer.status === 408) return undefined;
  return {
    ...fault('provider_rejected', `GitHub did not take the request (${answer.status}${said}). Correct the input.`),
    ...codeOf(answer.body),
  };
}

/** GitHub's own code of the first fault that it names: missing_field, already_exists and others. */
function codeOf(body: ProviderAnswer['body']): { readonly providerCode?: string } {
  const { errors = [] } = faultBody.safeParse(body).data ?? {};
  const code = errors.find((each) => each.code !== undefined)?.code;
  return code === undefined ? {} : { providerCode: code };
}

/** Most 403s are no limit: only these signs make one (docs.github.com, "Rate limits for the REST API"). */
function limitFault({ status, headers, body }: ProviderAnswer): ProviderFault | undefined {
  const named = headers['retry-after'] !== undefined;
  const spent = numberOf(headers, 'x-ratelimit-remaining') === 0;
  const secondary = /secondary rate limit|abuse detection/i.test(messageOf(body));
  if (status !== 429 && !named && !spent && !secondary) return undefined;
  return limited(headers, secondary ? 'secondary_rate_limit' : 'rate_limit');
}

const graphqlErrors = z.object({ errors: z.array(z.object({ type: z.string() })) });

/** GraphQL tells of its limit with status 200: https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api */
function graphqlLimit({ headers, body }: ProviderAnswer): ProviderFault | undefined {
  const { errors = [] } = graphqlErrors.safeParse(body).data ?? {};
  return errors.some(({ type }) => type === 'RATE_LIMITED') ? limited(headers, 'RATE_LIMITED') : undefined;
}

function limited(headers: Headers, providerCode: string): ProviderFault {
  const message = 'GitHub limits the rate of requests of this token. The call is repeated after the time GitHub asks for.';
  const isSpent = numberOf(headers, 'x-ratelimit-remaining') === 0;
  // Core reads Retry-After itself, in both of its forms.
  const wait = headers['retry-after'] !== undefined ? {} : { retryAfterMs: (isSpent ? resetAfter(headers) : undefined) ?? leastWaitMs };
  return { code: 'rate_limited', message, providerCode, retryable: true, sent: 'no', ...wait };
}

function permissionFault({ headers }: ProviderAnswer, said: string): ProviderFault {
  const accepted = listOf(headers, 'x-accepted-oauth-scopes');
  const granted = listOf(headers, 'x-oauth-scopes');
  // Only classic tokens have scopes, and only for them does GitHub send the second header.
  if (headers['x-oauth-scopes'] !== undefined && accepted.length > 0 && !accepted.some((scope) => granted.includes(scope))) {
    return fault('scope_missing', `The token lacks a scope: GitHub wants one of ${accepted.join(', ')}. Connect again with such a token.`);
  }
  const wanted = textOf(headers, 'x-accepted-github-permissions');
  const permissions = wanted === undefined ? '' : ` It wants the permissions ${wanted.slice(0, 200)}.`;
  return fault(
    'permission_denied',
    `GitHub does not allow this to the token (403${said}).${permissions} Give the token access, or use another.`,
  );
}

function fault(code: ProviderFault['code'], message: string): ProviderFault {
  return { code, message, retryable: false, sent: 'no' };
}

const messageOf = (body: ProviderAnswer['body']): string => faultBody.safeParse(body).data?.message ?? '';

/** GitHub's own words, short: its message, the names of the faulty fields, never their values, and what it says of a fault that has no name. */
function sayingOf(body: ProviderAnswer['body']): string {
  const { message, errors = [] } = faultBody.safeParse(body).data ?? {};
  if (message === undefined) return '';
  const fields = errors.map(({ resource, field, code, message: why }) =>
    [resource, field, code, code === 'custom' || code === undefined ? why : undefined].filter((part) => part !== undefined).join(' '),
  );
  const named = fields.filter((text) => text !== '');
  return `, "${message.slice(0, 200)}"${named.length === 0 ? '' : `: ${named.join('; ').slice(0, 200)}`}`;
}

/** Milliseconds from the answer's date to the end of the window; undefined where either is not said. */
function resetAfter(headers: Headers): number | undefined {
  const reset = numberOf(headers, 'x-ratelimit-reset');
  const now = Date.parse(textOf(headers, 'date') ?? '');
  return reset === undefined || Number.isNaN(now) ? undefined : Math.max(0, reset * 1000 - now);
}

function textOf(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

function numberOf(headers: Headers, name: string): number | undefined {
  const text = textOf(headers, name);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function listOf(headers: Headers, name: string): readonly string[] {
  return (textOf(headers, name) ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => /^[a-z_:]{1,40}$/.test(part));
}
