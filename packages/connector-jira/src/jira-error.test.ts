import type { Json } from '@patchbay/core';
import { describe, expect, it } from 'vitest';
import { jiraStage } from './__fixtures__/jira-stage.ts';
import { jira } from './jira.ts';
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

  it('gives its words of each of several issues, and those of the gateway before it', () => {
    const elementErrors = { errorMessages: [], errors: { summary: 'You must specify a summary of the issue.' } };
    const bulk = { issues: [], errors: [{ status: 400, elementErrors, failedElementNumber: 0 }] };
    expect(mapJiraError(answer(400, {}, bulk))?.message).toContain('"summary: You must specify a summary of the issue."');
    expect(mapJiraError(answer(404, {}, { code: 404, message: 'Not Found' }))?.message).toContain('"Not Found"');
  });

  it('takes a token without the scope for that, and not for one that has ended', () => {
    const body = { code: 401, message: 'Unauthorized; scope does not match' };
    expect(mapJiraError(answer(401, {}, body))).toMatchObject({ code: 'scope_missing', retryable: false, sent: 'no' });
  });

  it.each([429, 503])('waits as long as an answer %i with Retry-After asks for', async (status) => {
    const { provider, harness } = await jiraStage();
    provider.failNext(1, { kind: 'answer', status, headers: { 'retry-after': '9', 'ratelimit-reason': 'jira-burst-based' } });
    const call = harness.execute({ action: 'get_issue', input: { issue: provider.addIssue('One').key } });
    await expect(call).rejects.toMatchObject({ retryable: true, sent: 'no', retryAfterMs: 9_000 });
  });

  it("keeps Atlassian's id of the request", async () => {
    const { provider, harness } = await jiraStage();
    provider.failNext(1, { kind: 'answer', status: 400, headers: { 'atl-traceid': '5e3f8c21' } });
    const call = harness.execute({ action: 'get_issue', input: { issue: 'OPS-1' } });
    await expect(call).rejects.toMatchObject({ details: { status: 400, providerRequestId: '5e3f8c21' } });
  });

  it('reads the limits of bursts and of the points of an hour', () => {
    const read = jira().definition.rateLimit;
    const headers = {
      'x-ratelimit-limit': '350',
      'x-ratelimit-remaining': '12',
      'x-ratelimit-reset': '2026-11-20T10:02Z',
      'x-ratelimit-nearlimit': 'true',
      'beta-ratelimit-policy': '"tenant-app-quota";q=100100;w=3600',
      'beta-ratelimit': '"tenant-app-quota";r=99;t=1800',
    };
    expect(read?.({ status: 200, headers })).toEqual([
      { limit: 350, remaining: 12, resetsAt: Date.UTC(2026, 10, 20, 10, 2) },
      { name: 'tenant-app-quota', unit: 'points', limit: 100_100, remaining: 99, windowMs: 3_600_000, resetAfterMs: 1_800_000 },
    ]);
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
