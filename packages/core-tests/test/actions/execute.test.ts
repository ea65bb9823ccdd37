import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type DeskProcess, type DeskStage, type DeskTenant, deskStage } from '../desk/desk-stage.ts';

let stage: DeskStage;
let office: DeskProcess;
let acme: DeskTenant;

beforeEach(async () => {
  stage = deskStage();
  office = stage.process();
  acme = office.hub.tenant('acme');
  await connect(acme);
});
afterEach(() => stage.close());

const file = (title: string, idempotencyKey?: string) =>
  acme.actions.execute('desk.file_ticket', {
    connection: 'main',
    input: { title },
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  });

describe('a call with an idempotency key', () => {
  it('is made once, however often it is asked for', async () => {
    const first = await file('One', 'k-1');
    const again = await Promise.all([file('One', 'k-1'), file('One', 'k-1')]);
    await office.settled();
    again.push(await file('One', 'k-1'));
    await office.settled();
    expect(new Set([first, ...again].map(({ dispatchId }) => dispatchId)).size).toBe(1);
    expect(stage.desk.callsOf('file_ticket')).toHaveLength(1);
    expect(await first.outcome({ waitMs: 0 })).toMatchObject({ status: 'succeeded', output: { key: 'T-1', title: 'One' } });
  });

  it('is another call under another key, and without one', async () => {
    for (const key of ['k-1', 'k-2', undefined, undefined]) await file('One', key);
    await office.settled();
    expect(stage.desk.callsOf('file_ticket')).toHaveLength(4);
  });

  it('is a conflict with other input, another action or another connection, and is not made', async () => {
    await acme.connections.put('second', { connector: 'desk', credential: { type: 'bearer', token: 'desk-token' } });
    await file('One', 'k-1');
    const others = [
      () => file('Two', 'k-1'),
      () => acme.actions.execute('desk.file_ticket', { connection: 'second', input: { title: 'One' }, idempotencyKey: 'k-1' }),
      () => acme.actions.execute('chat.say', { connection: 'team', input: { text: 'One' }, idempotencyKey: 'k-1' }),
    ];
    for (const other of others) {
      await expect(other()).rejects.toMatchObject({
        code: 'conflict',
        message: 'The idempotency key was used before for another call. Use a new key for a new call.',
      });
    }
    await office.settled();
    expect(stage.desk.calls.map(({ input }) => input)).toEqual([{ title: 'One' }]);
  });

  it('is a call of its own for each tenant', async () => {
    const other = office.hub.tenant('other');
    await connect(other);
    await file('One', 'k-1');
    await other.actions.execute('desk.file_ticket', { connection: 'main', input: { title: 'Two' }, idempotencyKey: 'k-1' });
    await office.settled();
    expect(stage.desk.callsOf('file_ticket').map(({ input }) => input)).toEqual([{ title: 'One' }, { title: 'Two' }]);
  });
});

describe('the outcome of a call', () => {
  it('is waited for until a worker has ended it', async () => {
    const call = await file('One');
    let answered = false;
    const outcome = call.outcome().finally(() => {
      answered = true;
    });
    await stage.clock.advance(5_000);
    expect(answered).toBe(false);
    await stage.process().hub.work();
    // Its clock stands still between two looks.
    await stage.clock.advance(50);
    expect(answered).toBe(true);
    expect(await outcome).toMatchObject({ id: call.dispatchId, status: 'succeeded', output: { key: 'T-1', title: 'One' } });
  });

  it.each([
    [{}, 30_000],
    [{ waitMs: 700 }, 700],
  ])('that nobody brings is given as it stands after its time: %j', async (options, waitMs) => {
    const call = await file('One');
    let answered = false;
    const outcome = call.outcome(options).finally(() => {
      answered = true;
    });
    await stage.clock.advance(waitMs - 1);
    expect(answered).toBe(false);
    await stage.clock.advance(1);
    expect(answered).toBe(true);
    expect(await outcome).toMatchObject({ id: call.dispatchId, status: 'pending', attemptCount: 0, output: null });
  });

  it('is not waited for with a time that is no number', async () => {
    const call = await file('One');
    for (const waitMs of [Number.NaN, Number.POSITIVE_INFINITY])
      await expect(call.outcome({ waitMs })).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});
