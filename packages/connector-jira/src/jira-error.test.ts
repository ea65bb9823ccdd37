import type { Json } from '@patchbay/core';
import { describe, expect, it } from 'vitest';
import { mapJiraError } from './jira-error.ts';

const answer = (status: number, headers: Record<string, string> = {}, body: Json | undefined = {}) => ({
  method: 'POST',
  status,
  headers,
  body,
});

describe('mapJiraError', () => {
  it("gives Jira's own words, those of the fields with their names", () => {
    const body = { errorMessages: ['Nothing worked.'], errors: { summary: 'You must specify a summary of the issue.' } };
    expect(mapJiraError(answer(400, {}, body))).toMatchObject({
      code: 'provider_rejected',
      retryable: false,
      sent: 'no',
      message: expect.stringContaining('"Nothing worked.; summary: You must specify a summary of the issue."'),
    });
  });

  it.each(['jira-burst-based', 'jira-per-issue-on-write', 'jira-quota-tenant-based'])('names the limit %s', (reason) => {
    expect(mapJiraError(answer(429, { 'retry-after': '5', 'ratelimit-reason': reason }))).toMatchObject({
      code: 'rate_limited',
      providerCode: reason,
      retryable: true,
      sent: 'no',
    });
  });

  it('knows that a 503 did nothing', () => {
    expect(mapJiraError(answer(503))).toMatchObject({ code: 'provider_unavailable', retryable: true });
  });

  it('knows a refused credential that only a header tells of', () => {
    expect(mapJiraError(answer(404, { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' }))).toMatchObject({ code: 'authentication_failed' });
    expect(mapJiraError(answer(403, { 'x-seraph-loginreason': 'AUTHENTICATION_DENIED' }))).toMatchObject({ code: 'authentication_failed' });
    expect(mapJiraError(answer(404, { 'x-seraph-loginreason': 'OK' }))).toMatchObject({ code: 'provider_not_found' });
  });

  it.each([
    [401, 'authentication_failed'],
    [403, 'permission_denied'],
    [404, 'provider_not_found'],
    [409, 'provider_conflict'],
    [413, 'provider_rejected'],
  ])('takes %i for %s', (status, code) => {
    expect(mapJiraError(answer(status))).toMatchObject({ code, retryable: false, sent: 'no' });
  });

  it.each([408, 500, 502, 504])('leaves %i to its status', (status) => {
    expect(mapJiraError(answer(status))).toBeUndefined();
  });

  it('understands an answer that is not JSON, or of another shape', () => {
    expect(mapJiraError(answer(400, {}, undefined))).toMatchObject({ code: 'provider_rejected' });
    expect(mapJiraError(answer(400, {}, { errorMessages: 'text', errors: [] }))).toMatchObject({ code: 'provider_rejected' });
  });
});
