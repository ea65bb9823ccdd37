import type { Json } from '@patchbay/core';
import { describe, expect, it } from 'vitest';
import { mapSlackError, mapWebhookError } from './slack-error.ts';

const answer = (body: Json | undefined, status = 200) => ({ method: 'POST', status, headers: {}, body });
const refused = (error: string, more: Readonly<Record<string, Json>> = {}) => mapSlackError(answer({ ok: false, error, ...more }));

describe('mapSlackError', () => {
  it('takes an answer that is ok for none', () => {
    expect(mapSlackError(answer({ ok: true }))).toBeUndefined();
  });

  it.each([
    ['ratelimited', { code: 'rate_limited', retryable: true, sent: 'no' }],
    ['invalid_auth', { code: 'authentication_failed', retryable: false, sent: 'no' }],
    ['token_revoked', { code: 'authentication_failed', retryable: false }],
    ['not_in_channel', { code: 'permission_denied', retryable: false, sent: 'no' }],
    ['restricted_action_read_only_channel', { code: 'permission_denied' }],
    ['channel_not_found', { code: 'provider_not_found', retryable: false, sent: 'no' }],
    ['msg_too_long', { code: 'provider_rejected', retryable: false, sent: 'no' }],
    ['service_unavailable', { code: 'provider_unavailable', retryable: true, sent: 'no' }],
  ])('takes %s for what it is', (error, fault) => {
    expect(refused(error)).toMatchObject({ ...fault, providerCode: error });
  });

  // Slack: "It's possible some aspect of the operation succeeded before the error was raised."
  it.each(['internal_error', 'fatal_error'])('does not know what a call with %s did', (error) => {
    expect(refused(error)).toMatchObject({ retryable: true, sent: 'maybe' });
  });

  it('names the scope that is missing', () => {
    expect(refused('missing_scope', { needed: 'channels:history', provided: 'chat:write' })).toMatchObject({
      code: 'scope_missing',
      message: expect.stringContaining('needed: channels:history; provided: chat:write'),
    });
  });

  it('shows no text that is not a code of Slack', () => {
    const fault = refused('The token xoxb-1 is bad', { needed: '<script>' });
    expect(fault).toMatchObject({ providerCode: 'unknown_error', code: 'provider_rejected' });
    expect(fault?.message).not.toMatch(/xoxb|script/);
  });

  it('takes a 429 for a limit, whatever its body', () => {
    expect(mapSlackError(answer(undefined, 429))).toMatchObject({ code: 'rate_limited' });
    expect(mapSlackError(answer({ ok: false, error: 'something' }, 429))).toMatchObject({ code: 'rate_limited' });
  });

  // The list of what is worth a repeat; everything else is final.
  it('repeats what Slack says may pass, and nothing else', () => {
    const codes = ['ratelimited', 'internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'invalid_auth', 'name_taken'];
    const retried = [...codes, 'missing_scope', 'invalid_arguments', 'users_not_found', 'a_new_error'].filter(
      (code) => refused(code)?.retryable,
    );
    expect(retried).toEqual(['ratelimited', 'internal_error', 'fatal_error', 'service_unavailable', 'request_timeout']);
  });

  it.each([
    ['users_not_found', 'provider_not_found'],
    ['name_taken', 'provider_conflict'],
    ['not_allowed_token_type', 'permission_denied'],
    ['invalid_blocks', 'provider_rejected'],
  ])('takes %s for %s', (error, code) => {
    expect(refused(error)).toMatchObject({ code, retryable: false, sent: 'no', providerCode: error });
  });

  it('leaves an answer that is not from Slack to its status', () => {
    expect(mapSlackError(answer(undefined, 502))).toBeUndefined();
  });
});

describe('mapWebhookError', () => {
  it.each([403, 404, 410])('takes %i for a URL that is good for nothing any more', (status) => {
    expect(mapWebhookError({ status })).toMatchObject({ code: 'authentication_failed', retryable: false, sent: 'no' });
  });

  it.each([200, 400, 429, 500])('leaves %i to its status', (status) => {
    expect(mapWebhookError({ status })).toBeUndefined();
  });
});
