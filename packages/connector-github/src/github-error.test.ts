import type { Json } from '@patchbay/core';
import { describe, expect, it } from 'vitest';
import { mapGithubError } from './github-error.ts';

const answer = (status: number, headers: Record<string, string> = {}, body: Json = {}) => ({ method: 'POST', status, headers, body });
const date = 'Fri, 20 Nov 2026 10:00:00 GMT';
const inTenMinutes = String(Date.parse(date) / 1000 + 600);

describe('mapGithubError', () => {
  it('waits as Retry-After says, which core reads', () => {
    const fault = mapGithubError(answer(403, { 'retry-after': '30' }, { message: 'You have exceeded a secondary rate limit.' }));
    expect(fault).toMatchObject({ code: 'rate_limited', providerCode: 'secondary_rate_limit', retryable: true, sent: 'no' });
    expect(fault).not.toHaveProperty('retryAfterMs');
  });

  it.each([403, 429])('waits to the end of the window where a %i says that nothing remains', (status) => {
    const fault = mapGithubError(answer(status, { date, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inTenMinutes }));
    expect(fault).toMatchObject({ code: 'rate_limited', retryAfterMs: 600_000 });
  });

  it('waits a minute where a limit names no time', () => {
    expect(mapGithubError(answer(429))).toMatchObject({ code: 'rate_limited', retryAfterMs: 60_000 });
    expect(mapGithubError(answer(403, {}, { message: 'You have triggered an abuse detection mechanism.' }))).toMatchObject({
      retryAfterMs: 60_000,
    });
  });

  it('waits for GraphQL, which tells of its limit with status 200, to the end of the window or a minute', () => {
    const body = { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded for user ID 1.' }] };
    const headers = { date, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inTenMinutes };
    expect(mapGithubError(answer(200, headers, body))).toMatchObject({ code: 'rate_limited', retryAfterMs: 600_000, sent: 'no' });
    expect(mapGithubError(answer(200, {}, body))).toMatchObject({ retryAfterMs: 60_000, providerCode: 'RATE_LIMITED' });
    expect(mapGithubError(answer(200, headers, { errors: [{ type: 'NOT_FOUND', message: 'm' }] }))).toBeUndefined();
  });

  it('keeps the code of the first fault that has one, and what GitHub says of those that have none', () => {
    const body = {
      message: 'Validation Failed',
      errors: ['A pull request already exists for octocat:feature.', { code: 'already_exists' }],
    };
    expect(mapGithubError(answer(422, {}, body))).toMatchObject({
      code: 'provider_rejected',
      providerCode: 'already_exists',
      message: expect.stringContaining('A pull request already exists'),
    });
    expect(mapGithubError(answer(422, {}, { message: 'No.' }))).not.toHaveProperty('providerCode');
  });

  it('takes what is gone for what is not there', () => {
    expect(mapGithubError(answer(410, {}, { message: 'Issues are disabled for this repo' }))).toMatchObject({
      code: 'provider_not_found',
      message: expect.stringContaining('Issues are disabled'),
    });
  });

  it('does not take every 403 for a limit', () => {
    const fault = mapGithubError(
      answer(403, { date, 'x-ratelimit-remaining': '4999', 'x-ratelimit-reset': inTenMinutes }, { message: 'Must have admin rights.' }),
    );
    expect(fault).toMatchObject({
      code: 'permission_denied',
      retryable: false,
      sent: 'no',
      message: expect.stringContaining('Must have admin rights.'),
    });
  });

  it('names the scope that a classic token lacks', () => {
    const fault = mapGithubError(answer(403, { 'x-oauth-scopes': 'gist, read:org', 'x-accepted-oauth-scopes': 'public_repo, repo' }));
    expect(fault).toMatchObject({ code: 'scope_missing', message: expect.stringContaining('public_repo, repo') });
  });

  it('does not blame the scope of a token that has it', () => {
    expect(mapGithubError(answer(403, { 'x-oauth-scopes': 'repo', 'x-accepted-oauth-scopes': 'repo' }))).toMatchObject({
      code: 'permission_denied',
    });
  });

  it('names the permission that a fine-grained token lacks', () => {
    const fault = mapGithubError(answer(403, { 'x-accepted-github-permissions': 'issues=write' }));
    expect(fault).toMatchObject({ code: 'permission_denied', message: expect.stringContaining('issues=write') });
  });

  it('names the faulty fields of a 422', () => {
    const body = { message: 'Validation Failed', errors: [{ resource: 'Issue', field: 'title', code: 'missing_field', value: 'secret' }] };
    const fault = mapGithubError(answer(422, {}, body));
    expect(fault).toMatchObject({
      code: 'provider_rejected',
      retryable: false,
      message: expect.stringContaining('"Validation Failed": Issue title missing_field'),
    });
    expect(fault?.message).not.toContain('secret');
  });

  it.each([
    [401, 'authentication_failed'],
    [404, 'provider_not_found'],
    [409, 'provider_conflict'],
    [410, 'provider_not_found'],
    [406, 'provider_rejected'],
  ])('takes %i for %s, which did nothing', (status, code) => {
    expect(mapGithubError(answer(status))).toMatchObject({ code, retryable: false, sent: 'no' });
  });

  it.each([408, 500, 502, 503])('leaves %i to its status', (status) => {
    expect(mapGithubError(answer(status))).toBeUndefined();
  });

  it('understands an answer that is not JSON', () => {
    expect(mapGithubError({ method: 'GET', status: 404, headers: {}, body: undefined })).toMatchObject({ code: 'provider_not_found' });
  });
});
