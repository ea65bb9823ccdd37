import { randomBytes } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import type { Act } from '../audit/recorder.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import { createMemoryKeyStore } from '../vault/__fixtures__/memory-key-store.ts';
import { createVault } from '../vault/create-vault.ts';
import { localKeys } from '../vault/local-keys.ts';
import { createCredentialVault } from './credential-vault.ts';

const keys = localKeys({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } });

type Record = (tenant: string, act: Act) => Promise<void>;

function setUp(record: Record) {
  const clock = createManualClock();
  const inner = createVault({ clock, store: createMemoryKeyStore(), keys });
  const open = vi.spyOn(inner, 'open');
  return { clock, open, record, vault: createCredentialVault({ vault: inner, clock, record }) };
}

type Stage = ReturnType<typeof setUp>;

async function credentialRow({ vault }: Stage, secretVersion = 1): Promise<Row<'credential'>> {
  const sealed = await vault.seal({ tenant: 'acme', connection: 'c-1', secretVersion }, { type: 'bearer', token: 'hunter2' });
  return { id: 'c-1', name: 'c-1', version: 1, updatedAt: 0, value: { connection: 'c-1', kind: 'bearer', sealed, secretVersion } };
}

const use = ({ record }: Stage) => ({ purpose: 'sign an export', record: (act: Act) => record('acme', act) });

const named = { tenant: 'acme', connection: 'c-1', key: 'signing', secretVersion: 4 };
const secretPlace = { tenant: 'acme', registration: 'r-1', id: 's-1' };

describe('whoever is told of openings', () => {
  it('hears of each with its place and purpose, before anything is opened', async () => {
    const heard: { tenant: string; act: Act }[] = [];
    const stage = setUp(async (tenant, act) => {
      heard.push({ tenant, act });
      expect(stage.open).toHaveBeenCalledTimes(heard.length - 1);
    });
    const { vault } = stage;
    await vault.open('acme', await credentialRow(stage));
    await vault.openSecret(secretPlace, await vault.sealSecret(secretPlace, 'x'));
    await vault.openNamed(named, await vault.sealNamed(named, 'x'), use(stage));
    const [tenant, connection, secretVersion] = ['acme', 'c-1', 1];
    expect(heard).toEqual([
      {
        tenant,
        act: {
          action: 'credential.open',
          object: { type: 'credential', id: 'c-1' },
          connection,
          details: { kind: 'bearer', purpose: 'outgoing-request', secretVersion },
        },
      },
      {
        tenant,
        act: {
          action: 'webhook_secret.open',
          object: { type: 'registration', id: 'r-1' },
          details: { secret: 's-1', purpose: 'webhook-verification' },
        },
      },
      {
        tenant,
        act: {
          action: 'named_secret.open',
          object: { type: 'named_secret', id: 'signing' },
          connection,
          details: { purpose: 'sign an export', secretVersion: 4 },
        },
      },
    ]);
  });

  it('keeps everything closed where it fails', async () => {
    const stage = setUp(() => Promise.reject(new Error('The audit log is away.')));
    const { vault, open } = stage;
    const row = await credentialRow(stage);
    const secret = await vault.sealSecret(secretPlace, 'x');
    const kept = await vault.sealNamed(named, 'x');
    for (const call of [vault.open('acme', row), vault.openSecret(secretPlace, secret), vault.openNamed(named, kept, use(stage))])
      await expect(call).rejects.toThrow('The audit log is away.');
    expect(open).not.toHaveBeenCalled();
  });

  it('hears of a credential once in five minutes and once for each version', async () => {
    const heard = vi.fn<Record>(async () => undefined);
    const stage = setUp(heard);
    const row = await credentialRow(stage);
    for (let use = 0; use < 50; use += 1) await stage.vault.open('acme', row);
    expect(heard).toHaveBeenCalledTimes(1);
    await stage.vault.open('acme', await credentialRow(stage, 2));
    expect(heard).toHaveBeenCalledTimes(2);
    stage.clock.advance(300_000);
    await stage.vault.open('acme', await credentialRow(stage, 2));
    expect(heard).toHaveBeenCalledTimes(3);
  });

  it('hears nothing where nobody is handed a value', async () => {
    const heard = vi.fn<Record>(async () => undefined);
    const stage = setUp(heard);
    const row = await credentialRow(stage);
    const again = await stage.vault.resealCredential('acme', row);
    await stage.vault.openNamed(named, await stage.vault.sealNamed(named, 'x'));
    expect([heard.mock.calls.length, again.sealed === row.value.sealed]).toEqual([0, false]);
  });
});
