import { describe, expect, it } from 'vitest';
import { hmacSha256 } from '../../connector/signature-scheme.ts';
import type { Row } from '../../contracts/configuration-store.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { createManualClock } from '../../net/__fixtures__/manual-clock.ts';
import { createSecret } from '../../secret/create-secret.ts';
import { verificationKey } from './signatures/verification-key.ts';
import { createWebhookKeys } from './webhook-keys.ts';

const scheme = hmacSha256({ header: 'x-signature' });

type Secrets = Row<'registration'>['value']['secrets'];

function setUp(open: (sealed: string) => string = (sealed) => `opened-${sealed}`) {
  const clock = createManualClock();
  const calls: string[] = [];
  const vault = {
    isDestroyed: () => false,
    async openSecret({ id }: { readonly id: string }, sealed: string) {
      calls.push(id);
      return createSecret(open(sealed));
    },
  };
  const keys = createWebhookKeys({ vault, clock });
  const of = (secrets: Secrets) =>
    keys.of({
      tenant: 'acme',
      scheme,
      row: {
        id: 'r1',
        name: 'r1',
        version: 1,
        updatedAt: 0,
        value: { connector: 'github', connection: 'c1', triggers: [], secrets, createdAt: 0 },
      },
    });
  return { clock, calls, of };
}

const secret = (id: string, notAfter: number | null = null, sealed = id) => ({ id, sealed, notAfter });
const textOf = (found: Awaited<ReturnType<ReturnType<typeof setUp>['of']>>) => found.keys.map((key) => key.export().toString());

describe('createWebhookKeys', () => {
  it('leaves out a secret from the moment at which it ends', async () => {
    const { clock, of } = setUp();
    const secrets = [secret('new'), secret('old', clock.now() + 1_000)];
    expect(textOf(await of(secrets))).toEqual(['opened-new', 'opened-old']);
    clock.advance(999);
    expect(textOf(await of(secrets))).toEqual(['opened-new', 'opened-old']);
    clock.advance(1);
    expect(textOf(await of(secrets))).toEqual(['opened-new']);
  });

  it('leaves out a secret until the moment from which it holds', async () => {
    const { clock, of } = setUp();
    const secrets = [{ ...secret('new'), notBefore: clock.now() + 1_000 }, secret('old', clock.now() + 1_500)];
    expect(textOf(await of(secrets))).toEqual(['opened-old']);
    clock.advance(999);
    expect(textOf(await of(secrets))).toEqual(['opened-old']);
    clock.advance(1);
    expect(textOf(await of(secrets))).toEqual(['opened-new', 'opened-old']);
    clock.advance(500);
    expect(textOf(await of(secrets))).toEqual(['opened-new']);
  });

  it('has no key where there is no secret', async () => {
    expect(await setUp().of([])).toEqual({ keys: [], failure: null });
  });

  it('opens a secret once in five minutes, however many ask at a time', async () => {
    const { clock, calls, of } = setUp();
    await Promise.all(Array.from({ length: 50 }, () => of([secret('a')])));
    clock.advance(299_999);
    await of([secret('a')]);
    expect(calls).toEqual(['a']);
    clock.advance(1);
    await of([secret('a')]);
    expect(calls).toEqual(['a', 'a']);
  });

  it('takes no secret that was put anew for the one before', async () => {
    const { of } = setUp();
    await of([secret('a', null, 'one')]);
    expect(textOf(await of([secret('a', null, 'two')]))).toEqual(['opened-two']);
  });

  it.each(['vault_sealed', 'vault_key_destroyed', 'vault_key_missing'] as const)(
    'does without a secret that can never be opened again (%s)',
    async (code) => {
      const { of } = setUp((sealed) => {
        if (sealed === 'broken') throw new PatchbayError({ code, message: 'no' });
        return sealed;
      });
      const found = await of([secret('broken'), secret('good')]);
      expect(textOf(found)).toEqual(['good']);
      expect(found.failure).toBeNull();
    },
  );

  it('says so where a key provider is away, holds nothing of the failure, and goes on with the others', async () => {
    let away = true;
    const { of } = setUp((sealed) => {
      if (sealed === 'first' && away) throw new Error('no route to the key service; token=abc');
      return sealed;
    });
    const found = await of([secret('first'), secret('second')]);
    expect(textOf(found)).toEqual(['second']);
    expect(found.failure).toMatchObject({ code: 'not_ready', retryable: true });
    expect(JSON.stringify(found.failure)).not.toContain('token=abc');
    away = false;
    expect(textOf(await of([secret('first'), secret('second')]))).toEqual(['first', 'second']);
  });

  it('makes no key of an empty secret', async () => {
    expect(() => verificationKey('', scheme)).toThrow(expect.objectContaining({ code: 'credential_missing' }));
    expect((await setUp(() => '').of([secret('a')])).keys).toEqual([]);
  });
});
