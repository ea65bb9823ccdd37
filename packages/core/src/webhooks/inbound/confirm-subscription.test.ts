import { describe, expect, it } from 'vitest';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { Json } from '../../json/json.ts';
import type { NetworkRequest } from '../../net/network-request.ts';
import { confirmSubscription } from './confirm-subscription.ts';

const sns = {
  field: 'Type',
  equals: 'SubscriptionConfirmation',
  urlField: 'SubscribeURL',
  hosts: ['sns.*.amazonaws.com', 'sns.*.amazonaws.com.cn'],
};
const address = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=a&Token=b';

function service(answer: () => number) {
  const asked: NetworkRequest[] = [];
  const request = async (given: NetworkRequest) => {
    asked.push(given);
    return { status: answer(), headers: {}, body: new Uint8Array(), truncated: false };
  };
  return { asked, network: { request } };
}

const body = (url: Json): Json => ({ Type: 'SubscriptionConfirmation', SubscribeURL: url });

describe('a delivery that asks to be confirmed', () => {
  it('is confirmed by one GET to the very address that it names', async () => {
    const { asked, network } = service(() => 200);
    expect(await confirmSubscription(network, sns, body(address))).toBe(true);
    expect(asked).toMatchObject([
      {
        origin: 'https://sns.eu-west-1.amazonaws.com',
        path: '/?Action=ConfirmSubscription&TopicArn=a&Token=b',
        method: 'GET',
        headers: [],
      },
    ]);
  });

  it.each([
    { Type: 'Notification', SubscribeURL: address },
    { SubscribeURL: address },
    ['SubscriptionConfirmation'],
    null,
    'SubscriptionConfirmation',
  ])('is none where it is %j', async (given) => {
    const { asked, network } = service(() => 200);
    expect(await confirmSubscription(network, sns, given)).toBe(false);
    expect(asked).toEqual([]);
  });

  it.each([
    'http://sns.eu-west-1.amazonaws.com/',
    'https://sns.eu-west-1.amazonaws.com:8443/',
    'https://sns.eu-west-1.amazonaws.com@evil.example.com/',
    'https://user:word@sns.eu-west-1.amazonaws.com/',
    'https://sns.eu-west-1.amazonaws.com.evil.example.com/',
    'https://evil-sns.eu-west-1.amazonaws.com/',
    'https://sns.a.b.amazonaws.com/',
    'https://sns..amazonaws.com/',
    'https://sns.amazonaws.com/',
    'https://s3.eu-west-1.amazonaws.com/',
    'https://169.254.169.254/',
    'file:///etc/passwd',
    '//sns.eu-west-1.amazonaws.com/',
    `https://sns.eu-west-1.amazonaws.com/${'a'.repeat(2_048)}`,
    '',
    7,
    null,
    [address],
  ])('goes nowhere but to its service: not to %j', async (url) => {
    const { asked, network } = service(() => 200);
    await expect(confirmSubscription(network, sns, body(url))).rejects.toMatchObject({ code: 'body_invalid' });
    expect(asked).toEqual([]);
  });

  it('comes again where the service does not answer, follows no redirect, and is not kept', async () => {
    for (const status of [301, 302, 403, 500]) {
      const { asked, network } = service(() => status);
      await expect(confirmSubscription(network, sns, body(address))).rejects.toMatchObject({ code: 'overloaded', retryable: true });
      expect(asked).toHaveLength(1);
    }
    const { network } = service(() => {
      throw new PatchbayError({ code: 'timeout', message: 'Nobody answered.' });
    });
    await expect(confirmSubscription(network, sns, body(address))).rejects.toMatchObject({ code: 'overloaded', retryable: true });
  });
});
