import { PatchbayError } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type DeskProcess, type DeskStage, deskStage, orderAutomation } from '../desk/desk-stage.ts';

let stage: DeskStage;
let office: DeskProcess;

beforeEach(async () => {
  stage = deskStage();
  office = stage.process();
  await connect(office.hub.tenant('acme'));
  await office.hub.tenant('acme').automations.put('order', orderAutomation);
});
afterEach(() => stage.close());

const options = { actor: 'grace', reason: 'ticket 12' };

const recorded = async (): Promise<string[]> => {
  const { items } = await office.hub.tenant('acme').audit.list({ actor: { kind: 'operator', id: 'grace' }, limit: 500 });
  expect(items.every(({ details }) => details['reason'] === 'ticket 12')).toBe(true);
  return items.map(({ action }) => action).toReversed();
};

describe('an operator', () => {
  it('says who it is and why, in words that a record can hold', () => {
    for (const wrong of [{ ...options, actor: '' }, { ...options, reason: ' ' }, { ...options, reason: 'a\nb' }, { actor: 'grace' }])
      expect(() => office.hub.operator(wrong as typeof options)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
    expect(() => office.hub.operator(options).tenant('')).toThrow(expect.objectContaining({ code: 'tenant_missing' }));
  });

  it('pauses and resumes a connection, and what waits uses no attempt', async () => {
    const acme = office.hub.operator(options).tenant('acme');
    await acme.pause('main');
    await office.hub.tenant('acme').events.publish('order.placed', { number: 'A-1' });
    await office.settled();
    expect(stage.desk.callsOf('file_ticket')).toHaveLength(0);
    expect((await acme.health()).gates).toMatchObject([{ reason: 'paused', until: null }]);
    await acme.resume('main');
    await office.settled();
    expect(stage.desk.callsOf('file_ticket')).toHaveLength(1);
    expect(await recorded()).toEqual(['operator.pause', 'operator.look_health', 'operator.resume']);
  });

  it('ends connections of one connector, each with its record, and sees it in the counts', async () => {
    const acme = office.hub.operator(options).tenant('acme');
    expect((await acme.health()).connections).toEqual({ active: 2 });
    expect(await acme.disconnectAll({ connector: 'desk' })).toBe(1);
    expect(await acme.disconnectAll({ connector: 'desk' })).toBe(0);
    expect((await acme.health()).connections).toEqual({ active: 1, disconnected: 1 });
    expect(await recorded()).toEqual(expect.arrayContaining(['operator.disconnect_all', 'connection.disconnect', 'credential.delete']));
  });

  it('sees dead letters without what is in them, and tries them again', async () => {
    stage.desk.next('file_ticket', () => {
      throw new PatchbayError({ code: 'provider_rejected', message: 'The service says: SECRET-ANSWER.', sent: 'no' });
    });
    await office.hub.tenant('acme').events.publish('order.placed', { number: 'SECRET-PAYLOAD' });
    await office.settled();
    const acme = office.hub.operator(options).tenant('acme');
    const letters = await acme.deadLetters();
    expect(letters.items).toMatchObject([{ action: 'desk.file_ticket', code: 'provider_rejected', attempts: 1 }]);
    const retried = await acme.retryMany();
    expect(retried).toMatchObject({ retried: 1 });
    expect(JSON.stringify([letters, retried, await acme.health()])).not.toMatch(/SECRET-PAYLOAD|SECRET-ANSWER|desk-token/);
    await office.settled();
    expect((await acme.deadLetters()).items).toEqual([]);
    expect(await recorded()).toEqual([
      ...['operator.list_dead_letters', 'operator.retry_many', 'dispatch.retry'],
      ...['operator.look_health', 'operator.list_dead_letters'],
    ]);
  });

  it('learns nothing of what a tenant does not have', async () => {
    const acme = office.hub.operator(options).tenant('acme');
    for (const act of [acme.pause, acme.resume, acme.disconnect]) await expect(act('nobody')).rejects.toMatchObject({ code: 'not_found' });
    expect(await recorded()).toEqual([]);
  });
});
