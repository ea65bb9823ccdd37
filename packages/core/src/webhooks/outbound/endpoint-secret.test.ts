import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { deliveryKey, newEndpointSecret, publicKeyOf } from './endpoint-secret.ts';
import { signDelivery } from './sign-delivery.ts';

describe('secrets of endpoints', () => {
  it('are made in the writing of Standard Webhooks, each another', () => {
    const made = Array.from({ length: 20 }, () => newEndpointSecret('hmac', randomBytes));
    expect(new Set(made).size).toBe(20);
    for (const secret of made) expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const key = newEndpointSecret('ed25519', randomBytes);
    expect(Buffer.from(key.replace('whsk_', ''), 'base64')).toHaveLength(64);
    expect(publicKeyOf(deliveryKey('ed25519', key))).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/);
    expect(publicKeyOf(deliveryKey('hmac', made[0]))).toBeUndefined();
  });

  it('sign as the example of Standard Webhooks', () => {
    const key = deliveryKey('hmac', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    const body = '{"test": 2432232314}';
    expect(signDelivery({ id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body }, [key])).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it('sign as the first test of RFC 8032 with a seed alone and with its public key behind it', () => {
    const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
    const publicKey = Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex');
    const [short, long] = [seed, Buffer.concat([seed, publicKey])].map((bytes) =>
      deliveryKey('ed25519', `whsk_${bytes.toString('base64')}`),
    );
    expect(publicKeyOf(short ?? expect.fail())).toBe(`whpk_${publicKey.toString('base64')}`);
    const content = { id: 'a', timestamp: 1, body: '' };
    expect(signDelivery(content, [short ?? expect.fail()])).toBe(signDelivery(content, [long ?? expect.fail()]));
  });

  it.each([
    ['hmac', undefined],
    ['hmac', ''],
    ['hmac', 'whsec_'],
    ['hmac', 'plain'],
    ['hmac', `whsec_${Buffer.alloc(23).toString('base64')}`],
    ['hmac', `whsec_${Buffer.alloc(65).toString('base64')}`],
    ['hmac', `whsec_${Buffer.alloc(24).toString('base64')}\n`],
    ['hmac', `whsk_${Buffer.alloc(32).toString('base64')}`],
    ['ed25519', `whsec_${Buffer.alloc(32).toString('base64')}`],
    ['ed25519', `whsk_${Buffer.alloc(33).toString('base64')}`],
    ['ed25519', `whsk_${Buffer.alloc(24).toString('base64')}`],
    ['ed25519', `whsk_${Buffer.alloc(64).toString('base64')}`],
  ] as const)('of %s are refused as %j, and not repeated', (signing, secret) => {
    expect(() => deliveryKey(signing, secret)).toThrow(/^The secret of the endpoint is not /);
  });
});
