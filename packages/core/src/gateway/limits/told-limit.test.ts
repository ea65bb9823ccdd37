import { describe, expect, it } from 'vitest';
import type { Json } from '../../json/json.ts';
import { toldLimit } from './told-limit.ts';

const answer = (status: number, body: Json | undefined, headers: Record<string, string> = {}) => ({ method: 'GET', status, headers, body });

describe('a limit that is told by the body', () => {
  it.each<[string, number, Json]>([
    ['Linear', 400, { errors: [{ message: 'x', extensions: { code: 'RATELIMITED' } }] }],
    ['Slack', 429, { ok: false, error: 'ratelimited' }],
    ['AWS JSON', 400, { __type: 'com.amazonaws.x#ThrottlingException', message: 'Rate exceeded' }],
    ['AWS query as JSON', 400, { Error: { Code: 'Throttling' } }],
    ['S3', 503, { Code: 'SlowDown' }],
    ['Google', 403, { error: { code: 403, errors: [{ reason: 'userRateLimitExceeded' }] } }],
    ['GitHub', 403, { message: 'You have exceeded a secondary rate limit.' }],
    ['Notion', 429, { object: 'error', code: 'rate_limited' }],
    ['Twilio', 429, { code: 20429 }],
    ['Dropbox', 429, { error: { reason: { '.tag': 'too_many_write_operations' } } }],
  ])('of %s is one that passes', (_service, status, body) => {
    expect(toldLimit(answer(status, body))).toMatchObject({ code: 'rate_limited', retryable: true, sent: 'no' });
  });

  it.each<[string, number, Json]>([
    ['OpenAI', 429, { error: { code: 'insufficient_quota', type: 'insufficient_quota' } }],
    ['Google', 403, { error: { errors: [{ reason: 'dailyLimitExceeded' }] } }],
    ['Salesforce', 403, [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }]],
    ['HubSpot', 429, { policyName: 'DAILY', status: 'error' }],
  ])('of %s that lasts is not tried again', (_service, status, body) => {
    expect(toldLimit(answer(status, body))).toMatchObject({ code: 'rate_limited', retryable: false });
  });

  it('is told by a header where AWS answers XML', () => {
    expect(toldLimit(answer(400, undefined, { 'x-amzn-errortype': 'ThrottlingException:http://internal/' }))).toMatchObject({
      providerCode: 'ThrottlingException',
    });
  });

  it('makes a 403 of GitHub with nothing left one, and asks for a minute where a second limit names no time', () => {
    expect(toldLimit(answer(403, { message: 'API rate limit exceeded' }, { 'x-ratelimit-remaining': '0' }))).toMatchObject({
      retryable: true,
    });
    expect(toldLimit(answer(403, { message: 'You have exceeded a secondary rate limit' }))).toMatchObject({ retryAfterMs: 60_000 });
    expect(toldLimit(answer(403, { message: 'secondary rate limit' }, { 'retry-after': '7' }))).not.toHaveProperty('retryAfterMs');
  });

  it.each<[number, Json | undefined]>([
    [403, { message: 'Resource not accessible by integration' }],
    [400, { errors: [{ extensions: { code: 'INVALID_INPUT' } }] }],
    [400, { error: 'ratelimited' }],
    [403, undefined],
    [500, { code: 'rate_limited' }],
    [400, { errors: 'RATELIMITED' }],
    [400, { __proto__: { __type: 'Throttling' } }],
  ])('is not seen in another answer: %i %j', (status, body) => {
    expect(toldLimit(answer(status, body))).toBeUndefined();
  });

  it('shows no word of the service but its code', () => {
    expect(JSON.stringify(toldLimit(answer(403, { message: 'secondary rate limit for token tok-123' })))).not.toContain('tok-123');
  });
});
