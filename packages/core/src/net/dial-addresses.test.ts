import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { closedPort, startTcpService } from './__fixtures__/loopback-service.ts';
import { createManualClock } from './__fixtures__/manual-clock.ts';
import { dialAddresses, type OpenSocket, openTcpSocket } from './dial-addresses.ts';

function dial(addresses: readonly string[], port: number, openSocket: OpenSocket = openTcpSocket) {
  const clock = createManualClock();
  const dialled: { host: string; socket: Socket }[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const stop = dialAddresses({
    addresses,
    port,
    clock,
    openSocket: (target) => {
      const socket = openSocket(target);
      dialled.push({ host: target.host, socket });
      return socket;
    },
    onConnect: resolve,
    onFailure: reject,
  });
  return { clock, dialled, connected: promise, stop, hosts: () => dialled.map(({ host }) => host) };
}

// A socket that has been told nothing never connects and never fails.
const silent = (): Socket => new Socket();

describe('dialAddresses', () => {
  it('takes the first address that answers', async () => {
    await using service = await startTcpService(() => {});
    const { connected, hosts, clock } = dial(['127.0.0.1', '127.0.0.2'], service.port);
    const socket = await connected;
    expect(socket.remoteAddress).toBe('127.0.0.1');
    expect(hosts()).toEqual(['127.0.0.1']);
    expect(clock.pending).toBe(0);
    socket.destroy();
  });

  it('goes on at once when an address refuses', async () => {
    await using service = await startTcpService(() => {});
    const { connected, hosts } = dial(['127.0.0.2', '127.0.0.1'], service.port);
    const socket = await connected;
    expect([socket.remoteAddress, hosts()]).toEqual(['127.0.0.1', ['127.0.0.2', '127.0.0.1']]);
    socket.destroy();
  });

  it('dials the next address beside a silent one after its head start, and ends the silent one', async () => {
    await using service = await startTcpService(() => {});
    const { clock, connected, dialled, hosts } = dial(['127.0.0.2', '127.0.0.1'], service.port, (target) =>
      target.host === '127.0.0.2' ? silent() : openTcpSocket(target),
    );
    clock.advance(249);
    expect(hosts()).toEqual(['127.0.0.2']);
    clock.advance(1);
    const socket = await connected;
    expect(socket.remoteAddress).toBe('127.0.0.1');
    expect(dialled.map((attempt) => attempt.socket.destroyed)).toEqual([true, false]);
    socket.destroy();
  });

  it('reports the last failure when nobody answers', async () => {
    const { connected, hosts } = dial(['127.0.0.1', '127.0.0.2'], await closedPort());
    await expect(connected).rejects.toMatchObject({ code: 'ECONNREFUSED', address: '127.0.0.2' });
    expect(hosts()).toEqual(['127.0.0.1', '127.0.0.2']);
  });

  it('waits for a slow address after the others have failed', async () => {
    const { clock, connected, dialled, stop } = dial(['127.0.0.2', '127.0.0.1'], await closedPort(), (target) =>
      target.host === '127.0.0.2' ? silent() : openTcpSocket(target),
    );
    let failed = false;
    connected.catch(() => {
      failed = true;
    });
    clock.advance(250);
    const refused = dialled[1]?.socket;
    if (refused === undefined) throw new TypeError('The second address was not dialled.');
    await new Promise((resolve) => refused.once('close', resolve));
    expect(failed).toBe(false);
    dialled[0]?.socket.destroy(new Error('unreachable'));
    await expect(connected).rejects.toThrow('unreachable');
    stop();
  });

  it('dials at most eight addresses', () => {
    const { clock, hosts, stop } = dial(
      Array.from({ length: 20 }, (_, index) => `127.0.0.${index + 1}`),
      9,
      silent,
    );
    clock.advance(60_000);
    expect(hosts()).toHaveLength(8);
    stop();
  });

  it('ends every socket and timer when it is stopped', async () => {
    const { clock, dialled, stop } = dial(['127.0.0.1', '127.0.0.2', '127.0.0.3'], 9, silent);
    clock.advance(250);
    stop();
    expect(dialled.map(({ socket }) => socket.destroyed)).toEqual([true, true]);
    clock.advance(60_000);
    expect([dialled.length, clock.pending]).toEqual([2, 0]);
  });
});
