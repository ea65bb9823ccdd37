import type { ProviderAnswer, ProviderFault } from '@patchbay/core';
import { z } from 'zod';

type Headers = ProviderAnswer['headers'];

const faultBody = z.object({
  errorMessages: z.array(z.string()).catch([]).default([]),
  errors: z.record(z.string(), z.string()).catch({}).default({}),
});

/** What an answer of Jira means. Server errors other than 503 are left to their status. */
export function mapJiraError(answer: ProviderAnswer): ProviderFault | undefined {
  const said = sayingOf(answer.body);
  // Some resources answer a wrong credential as if nobody had signed in, and tell it only by this header.
  const login = textOf(answer.headers, 'x-seraph-loginreason') ?? '';
  const refusedLogin = /AUTHENTICATED_FAILED|AUTHENTICATION_DENIED/.test(login);
  if (answer.status === 401 || (refusedLogin && answer.status >= 400 && answer.status < 500)) {
    return fault('authentication_failed', `Jira refused the credential (${answer.status}${said}). Connect the account again.`);
  }
  switch (answer.status) {
    case 403:
      return fault(
        'permission_denied',
        `Jira does not allow this to the account (403${said}). Give it the permission in the project, or use another.`,
      );
    case 404:
      return fault(
        'provider_not_found',
        `Jira answered 404${said}: it does not exist, or the account may not see it. Check the key and the permissions.`,
      );
    case 409:
      return fault('provider_conflict', `Jira reports a conflict (409${said}). Look at its present state, then try again.`);
    case 429:
      return limitFault(answer.headers);
    case 503:
      return { code: 'provider_unavailable', message: 'Jira is not available (503). The call is repeated later.', retryable: true };
    default:
      if (answer.status < 400 || answer.status >= 500 || answer.status === 408) return undefined;
      return fault('provider_rejected', `Jira did not take the request (${answer.status}${said}). Correct the input.`);
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
  const { errorMessages = [], errors = {} } = faultBody.safeParse(body).data ?? {};
  const said = [...errorMessages, ...Object.entries(errors).map(([field, message]) => `${field}: ${message}`)].join('; ');
  return said === '' ? '' : `, "${said.slice(0, 300)}"`;
}

function textOf(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}
