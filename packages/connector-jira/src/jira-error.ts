import type { ProviderAnswer, ProviderFault } from '@patchbay/core';
import { z } from 'zod';

type Headers = ProviderAnswer['headers'];

const said = {
  errorMessages: z.array(z.string()).catch([]).default([]),
  errors: z.record(z.string(), z.string()).catch({}).default({}),
};

/** What Jira says, what it says of each of several issues, and what Atlassian's gateway before it says. */
const faultBody = z.object({
  errorMessages: said.errorMessages,
  errors: z.union([z.array(z.object({ elementErrors: z.object(said) })), said.errors]),
  message: z.string().optional().catch(undefined),
});

/** What an answer of Jira means. Server errors other than 503 are left to their status. */
export function mapJiraError(answer: ProviderAnswer): ProviderFault | undefined {
  const words = sayingOf(answer.body);
  // Some resources answer a wrong credential as if nobody had signed in, and tell it only by this header.
  const login = textOf(answer.headers, 'x-seraph-loginreason') ?? '';
  const refusedLogin = /AUTHENTICATED_FAILED|AUTHENTICATION_DENIED/.test(login);
  // The gateway tells so of a token without the scope; another sign-in with the same scopes would come to the same.
  if (answer.status === 401 && /scope does not match/i.test(words)) {
    return fault(
      'scope_missing',
      `The connection lacks a scope that this needs (401${words}). Connect the account again with the scopes of the action.`,
    );
  }
  if (answer.status === 401 || (refusedLogin && answer.status >= 400 && answer.status < 500)) {
    return fault('authentication_failed', `Jira refused the credential (${answer.status}${words}). Connect the account again.`);
  }
  switch (answer.status) {
    case 403:
      return fault(
        'permission_denied',
        `Jira does not allow this to the account (403${words}). Give it the permission in the project, or use another.`,
      );
    case 404:
      return fault(
        'provider_not_found',
        `Jira answered 404${words}: it does not exist, or the account may not see it. Check the key and the permissions.`,
      );
    case 409:
      return fault('provider_conflict', `Jira reports a conflict (409${words}). Look at its present state, then try again.`);
    case 429:
      return limitFault(answer.headers);
    case 503:
      return { code: 'provider_unavailable', message: 'Jira is not available (503). The call is repeated later.', retryable: true };
    default:
      if (answer.status < 400 || answer.status >= 500 || answer.status === 408) return undefined;
      return fault('provider_rejected', `Jira did not take the request (${answer.status}${words}). Correct the input.`);
  }
}

/** Which limit it was says `RateLimit-Reason`; the time to wait is in Retry-After, which core reads. */
function limitFault(headers: Headers): ProviderFault {
  const reason = textOf(headers, 'ratelimit-reason') ?? '';
  const providerCode = /^[a-z0-9-]{1,64}$/.test(reason) ? reason : 'rate_limit';
  const message = `Jira limits the rate of requests (${providerCode}). The call is repeated after the time Jira asks for.`;
  return { code: 'rate_limited', message, providerCode, retryable: true, sent: 'no' };
}

function fault(code: ProviderFault['code'], message: string): ProviderFault {
  return { code, message, retryable: false, sent: 'no' };
}

/** Jira's own words, short: its messages, and those of the faulty fields. */
function sayingOf(body: ProviderAnswer['body']): string {
  const { message, ...whole } = faultBody.safeParse(body).data ?? { errorMessages: [], errors: {} };
  const each = Array.isArray(whole.errors) ? whole.errors.map(({ elementErrors }) => elementErrors) : [{ ...whole, errors: whole.errors }];
  const words = each.flatMap(({ errorMessages, errors }) => [
    ...errorMessages,
    ...Object.entries(errors).map(([field, text]) => `${field}: ${text}`),
  ]);
  const all = [...new Set([...words, ...(message === undefined ? [] : [message])])].join('; ');
  return all === '' ? '' : `, "${all.slice(0, 300)}"`;
}

function textOf(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}
