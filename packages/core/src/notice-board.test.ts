import { describe, expect, it } from 'vitest';
import { silentLogger } from './logger/logger.ts';
import { createNoticeBoard } from './notice-board.ts';

const notice = { tenant: 'acme', eventId: 'e', type: 'order.placed', runs: 1, dispatches: 2, at: 0 };

function setUp() {
  const complaints: unknown[] = [];
  const board = createNoticeBoard({ ...silentLogger, warn: (message, fields) => complaints.push([message, fields]) });
  return { board, complaints };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a notice', () => {
  it('reaches every listener of its name, in the order in which they came, and no other', () => {
    const { board } = setUp();
    const seen: string[] = [];
    board.on('event.published', ({ type }) => seen.push(`first ${type}`));
    board.on('event.published', ({ type }) => seen.push(`second ${type}`));
    board.on('run.finished', () => seen.push('another'));
    board.notify('event.published', { ...notice });
    expect(seen).toEqual(['first order.placed', 'second order.placed']);
  });

  it('reaches the others although a listener throws, rejects or ends itself', async () => {
    const { board, complaints } = setUp();
    const seen: string[] = [];
    const end: () => void = board.on('event.published', () => end());
    board.on('event.published', () => {
      throw new TypeError('token=hunter2');
    });
    board.on('event.published', async () => {
      throw 'token=hunter2';
    });
    board.on('event.published', () => seen.push('reached'));
    board.notify('event.published', { ...notice });
    board.notify('event.published', { ...notice });
    await turn();
    expect(seen).toEqual(['reached', 'reached']);
    expect(complaints).toEqual([
      ['a listener threw', { notice: 'event.published', error: 'TypeError' }],
      ['a listener threw', { notice: 'event.published', error: 'TypeError' }],
      ['a listener threw', { notice: 'event.published', error: 'string' }],
      ['a listener threw', { notice: 'event.published', error: 'string' }],
    ]);
  });

  it('may be answered with whatever has a then, and its rejection ends no process', async () => {
    const { board, complaints } = setUp();
    // biome-ignore lint/suspicious/noThenProperty: a promise of another library
    board.on('event.published', () => ({ then: (_done: unknown, reject: (reason: unknown) => void) => reject('no') }));
    board.notify('event.published', { ...notice });
    await turn();
    expect(complaints).toEqual([['a listener threw', { notice: 'event.published', error: 'string' }]]);
  });

  it('keeps its error as it is, whatever a listener tries', () => {
    const { board, complaints } = setUp();
    const error = { code: 'network', message: 'Lost.' };
    board.on('dispatch.retrying', (given) => Object.assign(given.error, { message: 'forged' }));
    board.notify('dispatch.retrying', { tenant: 'acme', dispatchId: 'd', attempt: 1, delayMs: 1, error, at: 0 });
    expect([error.message, complaints.length]).toEqual(['Lost.', 1]);
  });

  it('cannot be changed by a listener', () => {
    const { board, complaints } = setUp();
    board.on('event.published', (given) => Object.assign(given, { type: 'forged' }));
    const seen: string[] = [];
    board.on('event.published', ({ type }) => seen.push(type));
    board.notify('event.published', { ...notice });
    expect(seen).toEqual(['order.placed']);
    expect(complaints).toHaveLength(1);
  });

  it('needs a function to reach', () => {
    const { board } = setUp();
    expect(() => board.on('event.published', undefined as never)).toThrowError(expect.objectContaining({ code: 'invalid_argument' }));
  });
});
