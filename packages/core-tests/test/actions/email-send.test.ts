import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createTestHub } from '@patchbay/testing';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { mailServer } from '../../../core/src/actions/email/__fixtures__/mail-server.ts';

const canary = 'canary-5c0e77';
const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

/** A mail server that speaks without TLS, and a hub that uses it. */
async function stage(given: SMTPServerOptions = {}) {
  const mails: { readonly to: readonly string[]; readonly raw: string }[] = [];
  const server = new SMTPServer({
    logger: false,
    closeTimeout: 50,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, { envelope }, callback) => {
      text(stream).then(
        (raw) => {
          mails.push({ to: envelope.rcptTo.map(({ address }) => address), raw });
          callback();
        },
        () => undefined,
      );
    },
    ...given,
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  opened.push({ close: () => new Promise<void>((resolve) => server.close(() => resolve())) });
  const logged: string[] = [];
  const log = (message: string, fields: unknown): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const { port } = server.server.address() as AddressInfo;
  const test = createTestHub({
    connectors: [],
    logger: { debug: log, info: log, warn: log, error: log },
    email: { transport: { host: '127.0.0.1', port, dangerouslyPlain: true }, from: 'Example <hello@example.com>' },
  });
  opened.push(test);
  return { ...test, acme: test.tenant('acme'), mails, logged, server };
}

const mail = { to: '{{ event.data.to }}', subject: 'Bill {{ event.data.number }}', text: 'Paid: {{ event.data.total }}' };

describe('a mail of an automation', () => {
  it('is a dispatch with its input, output and history', async () => {
    const { acme, mails, settled } = await stage();
    await acme.automations.put('bill', { trigger: { manual: true }, steps: [{ id: 'mail', action: 'email.send', input: mail }] });
    const { runId } = await acme.automations.run('bill', { to: ['a@example.com', 'b@example.com'], number: 'R-17', total: 9 });
    await settled();
    expect(await acme.runs.get(runId ?? '')).toMatchObject({
      status: 'succeeded',
      outputs: { mail: { accepted: 2, rejected: [], messageId: expect.stringMatching(/^<[\w-]{32}@example\.com>$/) } },
      steps: [{ action: 'email.send', handler: 'built-in:email.send', connection: null, input: { subject: 'Bill R-17' } }],
    });
    expect(mails).toMatchObject([{ to: ['a@example.com', 'b@example.com'], raw: expect.stringContaining('Paid: 9') }]);
  });

  it('with what an event put into its address or subject is refused before anything is sent', async () => {
    const { acme, mails, settled } = await stage();
    await acme.automations.put('bill', { trigger: { manual: true }, steps: [{ id: 'mail', action: 'email.send', input: mail }] });
    const hostile = [
      { to: 'a@example.com\r\nBcc: eve@example.com', number: '1', total: 1 },
      { to: 'a@example.com', number: '1\r\nBcc: eve@example.com', total: 1 },
      { to: 'a@example.com, eve@example.com', number: '1', total: 1 },
    ];
    for (const data of hostile) {
      const { runId } = await acme.automations.run('bill', data);
      await settled();
      expect(await acme.runs.get(runId ?? '')).toMatchObject({ status: 'failed', error: { code: 'invalid_input' } });
    }
    expect(mails).toEqual([]);
  });

  it('whose server is busy is tried again with the same Message-ID', async () => {
    let tries = 0;
    const busy = Object.assign(new Error('later'), { responseCode: 451 });
    const onRcptTo: SMTPServerOptions['onRcptTo'] = (_address, _session, callback) => {
      tries += 1;
      callback(tries < 3 ? busy : null);
    };
    const { acme, mails, settled } = await stage({ onRcptTo });
    const call = await acme.actions.execute('email.send', { input: { to: 'a@example.com', subject: 'x', text: 'y' } });
    await settled();
    expect(await call.outcome({ waitMs: 0 })).toMatchObject({ status: 'succeeded', attemptCount: 3 });
    expect(mails).toHaveLength(1);
  });

  it('of which nobody knows whether it was taken is held, and is not sent again by itself', async () => {
    let taken = 0;
    const { acme, settled, server } = await stage({
      onData: (stream) => {
        text(stream).then(
          () => {
            taken += 1;
            for (const connection of server.connections) connection.close();
          },
          () => undefined,
        );
      },
    });
    const call = await acme.actions.execute('email.send', { input: { to: 'a@example.com', subject: 'x', text: 'y' } });
    await settled();
    expect(await call.outcome({ waitMs: 0 })).toMatchObject({ status: 'held', attempts: [{ outcome: 'unknown' }] });
    expect(taken).toBe(1);
  });
});

describe('the password of a mail server', () => {
  it.each([
    ['refuses it and repeats it', { password: 'another' }],
    ['takes it', { password: canary }],
    ['takes it and hangs up', { password: canary, data: 'drop' }],
    ['takes it and refuses the mail', { password: canary, data: 554 }],
  ] as const)('is in no log, no row and no notice where the server %s', async (_, options) => {
    const server = await mailServer(options);
    opened.push(server);
    const logged: string[] = [];
    const log = (message: string, fields: unknown): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
    const transport = { host: 'localhost', port: server.port, auth: { user: 'hub', pass: canary }, authorities: [server.authority] };
    const logger = { debug: log, info: log, warn: log, error: log };
    const test = createTestHub({ connectors: [], logger, email: { transport, from: 'a@example.com' } });
    opened.push(test);
    const call = await test.tenant('acme').actions.execute('email.send', { input: { to: 'a@example.com', subject: 'x', text: 'y' } });
    await test.settled();
    const view = await call.outcome({ waitMs: 0 });
    // It was used: the server has seen who signs in.
    expect(server.seen).toContain('AUTH hub');
    expect(view.status).not.toBe('pending');
    expect(JSON.stringify([view, logged, test.notices, await test.dispatches()])).not.toContain(canary);
  });
});
