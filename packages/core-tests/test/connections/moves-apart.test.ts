import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bearer, type RotationProcess, type RotationStage, rotationStage, tokens } from './rotation-stage.ts';

let stage: RotationStage;
let office: RotationProcess;
const day = 86_400_000;

beforeEach(async () => {
  stage = await rotationStage();
  office = stage.process();
});
afterEach(() => stage.close());

const put = (expiresAt: number) => office.acme.connections.put('main', { connector: 'depot', credential: bearer(tokens.first), expiresAt });
const main = () => office.acme.connections.get('main');

describe('what moves a connection beside something else that does', () => {
  it('ends none whose end another process has moved a moment ago', async () => {
    const late = stage.process();
    await put(stage.clock.now() + day);
    await stage.clock.advance(day - 500);
    await late.call();
    await late.hub.work();
    const expiresAt = stage.clock.now() + 9 * day;
    await office.acme.connections.update('main', { expiresAt });
    await stage.clock.advance(600);
    const look = await office.call();
    await late.hub.work();
    expect(await main()).toMatchObject({ status: 'active', statusReason: null, credentialExpiresAt: expiresAt });
    expect(await stage.storage.gates.list('acme')).toEqual([]);
    await stage.clock.advance(10_000);
    await late.hub.work();
    expect(await look()).toMatchObject({ status: 'succeeded', attemptCount: 1 });
  });

  it('leaves a credential that was refused refused when its end comes, so that a later end does not bring it back', async () => {
    await put(stage.clock.now() + day);
    stage.valid.clear();
    await office.acme.connections.test('main');
    await stage.clock.advance(day);
    expect(await office.acme.connections.test('main')).toMatchObject({ healthy: false, status: 'token_invalid' });
    expect(await main()).toMatchObject({ status: 'token_invalid', statusReason: 'refused' });
    const changed = await office.acme.connections.update('main', { expiresAt: stage.clock.now() + 9 * day });
    expect(changed).toMatchObject({ status: 'token_invalid', statusReason: 'refused' });
    expect(office.noticesOf('connection.status_changed').map(({ to }) => to)).toEqual(['token_invalid']);
  });

  it('reminds of the end of one that a test has brought back, and ends it', async () => {
    await put(stage.clock.now() + 20 * day);
    stage.valid.clear();
    await office.acme.connections.test('main');
    await stage.clock.advance(10 * day);
    await office.hub.work();
    stage.valid.set(tokens.first, 'A1');
    expect(await office.acme.connections.test('main')).toMatchObject({ status: 'active' });
    for (let passed = 0; passed < 10; passed += 1) {
      await stage.clock.advance(day);
      await office.hub.work();
    }
    expect(office.noticesOf('connection.credential_expiring').map(({ days }) => days)).toEqual([14, 3, 1]);
    expect(await main()).toMatchObject({ status: 'token_expired' });
  });

  it('says nothing any more of the credentials of those that have ended together', async () => {
    await put(stage.clock.now() + 2 * day);
    await office.acme.connections.rotate('main', { credential: bearer(tokens.second), expiresAt: stage.clock.now() + 9 * day });
    stage.valid.clear();
    await office.acme.connections.test('main');
    await office.acme.oauth.revokeAll('depot');
    const left = { statusReason: null, credentialExpiresAt: null, previousCredentialUntil: null };
    expect(await main()).toMatchObject({ status: 'disconnected', ...left });
    const due = { by: stage.clock.now() + 30 * day, limit: 10 };
    expect(await stage.storage.configuration.dueConnections(due)).toEqual([]);
  });
});
