import { hmacSha256, timestampedHmacSha256 } from '@patchbay/core';
import { describe, expect, it } from 'vitest';
import { signWebhook } from './sign-webhook.ts';

const github = hmacSha256({ header: 'X-Hub-Signature-256', prefix: 'sha256=' });
const slack = timestampedHmacSha256({ header: 'X-Slack-Signature', timestampHeader: 'X-Slack-Request-Timestamp', version: 'v0' });

// Known answers that the vendors publish.
describe('signWebhook', () => {
  it.each([
    ["It's a Secret to Everybody", 'Hello, World!', '757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'],
    ['mysecret', '{"foo":"bar"}', '4864d2759938a15468b5df9ade20bf161da9b4f737ea61794142f3484236bda3'],
    ["It's a Secret to Everybody", 'Hello World!', 'a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9'],
  ])('signs as docs.github.com, octokit and developer.atlassian.com do: %s over %s', (secret, body, digest) => {
    expect(signWebhook(github, { secret, body })).toEqual({ 'x-hub-signature-256': `sha256=${digest}` });
  });

  it('signs as docs.slack.dev does', () => {
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    expect(signWebhook(slack, { secret: '8f742231b10e8888abcd99yyyzzz85a5', body, timestamp: 1_531_420_618 })).toEqual({
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
      'x-slack-request-timestamp': '1531420618',
    });
  });

  it('signs bytes as it signs the same text, in base64 where the scheme says so', () => {
    const scheme = hmacSha256({ header: 'x-signature', encoding: 'base64' });
    const secret = 'mysecret';
    expect(signWebhook(scheme, { secret, body: Buffer.from('{"foo":"bar"}') })).toEqual({
      'x-signature': 'SGTSdZk4oVRotd+a3iC/Fh2ptPc36mF5QULzSEI2vaM=',
    });
    expect(signWebhook(scheme, { secret, body: 'ü' })).toEqual(signWebhook(scheme, { secret, body: new TextEncoder().encode('ü') }));
  });
});
