import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../clock/system-clock.ts';
import type { BuiltInCall } from '../../connector/built-in-action.ts';
import { createNetwork, type Network } from '../../net/create-network.ts';
import { builtInCall } from '../__fixtures__/built-in-call.ts';
import { type MailServer, type MailServerOptions, mailServer } from './__fixtures__/mail-server.ts';
import { emailAction } from './email-action.ts';
import type { EmailInput } from './email-input.ts';
import type { SmtpTransport } from './email-options.ts';

const canary = 'canary-9f27c1e0';
const auth = { user: 'hub', pass: canary };
const input: EmailInput = { to: 'Ada <ada@example.com>', subject: 'Paid', text: 'R-17 is paid.' };

let network: Network;
const servers: { close(): unknown }[] = [];
const told: unknown[] = [];

beforeEach(() => {
  network = createNetwork({ clock: systemClock, dangerouslyAllowPrivateNetworks: true });
});
afterEach(async () => {
  await network.close();
  for (const server of servers.splice(0)) await server.close();
  // Whatever went wrong, nothing that was said of it holds the password.
  const text = told.splice(0).map((each) => `${JSON.stringify(each)} ${String((each as Error).message)} ${String((each as Error).stack)}`);
  expect(text.join('\n')).not.toContain(canary);
});

async function serve(options: MailServerOptions = {}): Promise<MailServer> {
  const server = await mailServer(options);
  servers.push(server);
  return server;
}

const transportOf = ({ port, authority }: MailServer, more: Partial<SmtpTransport> = {}): SmtpTransport => ({
  host: 'localhost',
  port,
  authorities: [authority],
  ...more,
});

function send(transport: SmtpTransport, given: Partial<EmailInput> = {}, changes: Partial<BuiltInCall> = {}) {
  const email = { transport, from: 'Example <hello@mail.example.com>' };
  return emailAction({ email, network, clock: systemClock }).run(builtInCall({ ...input, ...given }, changes));
}

/** What a failed sending threw. */
async function faultOf(...given: Parameters<typeof send>) {
  const fault: unknown = await send(...given).then(
    (outcome) => ({ outcome }),
    (error: unknown) => error,
  );
  told.push(fault);
  return fault;
}

describe('a mail', () => {
  it('is sent over STARTTLS by who has signed in, with a Message-ID of its key', async () => {
    const server = await serve({ password: canary });
    const given = {
      cc: ['bob@example.com', 'Cy <cy@example.com>'],
      bcc: 'dee@example.com',
      replyTo: 'desk@example.com',
      subject: 'Grüße 😀',
    };
    const outcome = await send(transportOf(server, { auth }), given);
    const messageId = `<${'k'.repeat(32)}@mail.example.com>`;
    expect(outcome).toEqual({ outcome: 'succeeded', output: JSON.stringify({ messageId, accepted: 4, rejected: [] }) });
    const [mail] = server.mails;
    expect(mail).toMatchObject({ from: 'hello@mail.example.com', isSecure: true, user: 'hub' });
    expect(mail?.to).toEqual(['ada@example.com', 'bob@example.com', 'cy@example.com', 'dee@example.com']);
    expect(mail?.raw).toContain(`Message-ID: ${messageId}`);
    expect(mail?.raw).toMatch(/^From: Example <hello@mail\.example\.com>\r$/m);
    expect(mail?.raw).toMatch(/^To: Ada <ada@example\.com>\r$/m);
    expect(mail?.raw).toMatch(/^Reply-To: desk@example\.com\r$/m);
    expect(mail?.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(mail?.raw).toContain('R-17 is paid.');
    expect(mail?.raw).not.toMatch(/dee@example|Bcc/i);
  });

  it('has a subject that is read as it stands', async () => {
    const server = await serve();
    await send(transportOf(server), { subject: 'Invoice \u202egpj.exe\u202c \u2066end\u2069' });
    expect(server.mails[0]?.raw).toMatch(/^Subject: Invoice gpj\.exe end\r$/m);
  });

  it('is sent with TLS from the first byte, and with no sign-in where there is none', async () => {
    const server = await serve({ secure: true });
    expect(await send(transportOf(server, { secure: true }))).toMatchObject({ outcome: 'succeeded' });
    expect(server.mails).toMatchObject([{ isSecure: true }]);
  });

  it('is sent in plain text only where the transport says so', async () => {
    const server = await serve({ disabledCommands: ['STARTTLS'] });
    expect(await send(transportOf(server, { dangerouslyPlain: true }))).toMatchObject({ outcome: 'succeeded' });
    expect(server.mails).toMatchObject([{ isSecure: false }]);
  });

  it('is the same bytes on every attempt, and another with another key', async () => {
    const server = await serve();
    const both = { dangerouslyRawHtml: '<p>R-17</p>' };
    await send(transportOf(server), both);
    await send(transportOf(server), both, { attempt: 2 });
    const key = { value: 'z'.repeat(32), child: () => key };
    await send(transportOf(server), both, { key });
    const [first, second, third] = server.mails;
    expect(second?.raw).toBe(first?.raw);
    expect(third?.raw).not.toBe(first?.raw);
    expect(first?.raw).toMatch(/text\/plain[\s\S]*text\/html/);
  });

  it('goes to the others where one recipient is refused, and says so', async () => {
    const server = await serve({ recipients: (address) => (address === 'gone@example.com' ? 550 : null) });
    const outcome = await send(transportOf(server), { to: ['ada@example.com', 'gone@example.com'] });
    expect(outcome).toMatchObject({
      outcome: 'succeeded',
      output: expect.stringContaining('"accepted":1,"rejected":["gone@example.com"]'),
      warnings: ['The mail server refused 1 of the recipients and took the others.'],
    });
  });

  it('of a tenant goes through what the host says of that tenant', async () => {
    const server = await serve();
    const email = {
      transport: async (tenant: string) => (tenant === 'acme' ? transportOf(server) : Promise.reject(new Error(canary))),
      from: (tenant: string) => `${tenant}@example.com`,
    };
    const action = emailAction({ email, network, clock: systemClock });
    await action.run(builtInCall(input));
    expect(server.mails).toMatchObject([{ from: 'acme@example.com' }]);
    const fault = await action.run(builtInCall(input, { tenant: 'other' })).catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: 'not_ready', retryable: true, sent: 'no' });
    told.push(fault);
  });
});

describe('a mail that was not sent', () => {
  it.each([
    ['who vouches for the server is unknown', { authorities: [] }, {}, { code: 'network' }],
    ['its certificate is for another name', {}, { certified: 'mail.example.com' }, { code: 'network' }],
    ['STARTTLS is not offered', {}, { disabledCommands: ['STARTTLS'] }, { code: 'network', retryable: true }],
  ])('because %s, before anything is said', async (_, transport, options, expected) => {
    const server = await serve({ ...options, password: canary });
    const fault = await faultOf({ ...transportOf(server, { auth }), ...transport });
    expect(fault).toMatchObject({ sent: 'no', ...expected });
    expect(server.seen).toEqual([]);
    expect(server.mails).toEqual([]);
  });

  it.each([
    [
      'its password is refused',
      { password: 'another' },
      { code: 'authentication_failed', retryable: false, details: { status: 535, enhanced: '5.7.8' } },
    ],
    [
      'its recipient is not there',
      { password: canary, recipients: () => 550 },
      { code: 'provider_rejected', retryable: false, details: { status: 550 } },
    ],
    ['its recipient is to be tried later', { password: canary, recipients: () => 450 }, { code: 'provider_unavailable', retryable: true }],
    ['it is too large for the server', { password: canary, size: 10 }, { code: expect.stringMatching(/provider_rejected|network/) }],
    [
      'the server refuses the mail itself',
      { password: canary, data: 554 },
      { code: 'provider_rejected', retryable: false, details: { status: 554 } },
    ],
    [
      'the server takes the mail later',
      { password: canary, data: 451 },
      { code: 'provider_unavailable', retryable: true, details: { status: 451 } },
    ],
  ])('because %s has not been sent', async (_, options, expected) => {
    const server = await serve(options);
    expect(await faultOf(transportOf(server, { auth }))).toMatchObject({ sent: 'no', ...expected });
    expect(server.mails).toEqual([]);
  });

  it('because the server signs nobody in', async () => {
    const server = await serve({ disabledCommands: ['AUTH'] });
    expect(await faultOf(transportOf(server, { auth }))).toMatchObject({ sent: 'no', retryable: false });
    expect(server.mails).toEqual([]);
  });

  it('because its server is in a private network', async () => {
    const server = await serve();
    const guarded = createNetwork({ clock: systemClock });
    const email = { transport: { ...transportOf(server), host: '127.0.0.1' }, from: 'a@example.com' };
    const sending = emailAction({ email, network: guarded, clock: systemClock }).run(builtInCall(input));
    await expect(sending).rejects.toMatchObject({ code: 'egress_refused', sent: 'no' });
    await guarded.close();
    expect(server.seen).toEqual([]);
  });

  it.each([
    ['answers like a web server', (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), /response_invalid|network/],
    ['refuses everybody', (socket: Socket) => socket.end('554 5.3.2 no\r\n'), /provider_rejected/],
    ['is closed for now', (socket: Socket) => socket.end('421 4.3.2 later\r\n'), /provider_unavailable/],
    ['never ends its greeting', (socket: Socket) => socket.write(`220-${'x'.repeat(100_000)}`), /response_invalid/],
    ['hangs up', (socket: Socket) => socket.end(), /network/],
    ['floods it with replies', (socket: Socket) => socket.write('250 ok\r\n'.repeat(500_000)), /response_invalid|network/],
    ['answers with line ends alone', (socket: Socket) => socket.write('\r\n'.repeat(1_000_000)), /response_invalid/],
    ['never ends a reply of many lines', (socket: Socket) => socket.write('220-x\r\n'.repeat(500_000)), /response_invalid/],
    ['refuses to be secured', dialogue({ STARTTLS: '454 4.7.0 not now\r\n' }), /network/],
    [
      'says more than that it can be secured',
      dialogue({ STARTTLS: '220 go\r\n250-evil\r\n250 AUTH PLAIN\r\n' }),
      /response_invalid|network/,
    ],
  ])('because its server %s', async (_, answer, code) => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
      answer(socket);
    });
    servers.push({
      close() {
        for (const socket of sockets) socket.destroy();
        server.close();
      },
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const before = process.memoryUsage().rss;
    const fault = await faultOf({ host: 'localhost', port, auth });
    expect(fault).toMatchObject({ code: expect.stringMatching(code), sent: 'no' });
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
    // Nothing goes on with what the server has said.
    for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => void setImmediate(resolve));
    expect(process.getActiveResourcesInfo()).not.toContain('Immediate');
  });

  it('because the lease ran out while the server was asked', async () => {
    const server = await serve();
    expect(await faultOf(transportOf(server), {}, { deadline: () => 0 })).toMatchObject({ code: 'lease_lost', sent: 'no' });
    expect(server.mails).toEqual([]);
  });

  it('because it was stopped before the server was there', async () => {
    const silent = createServer(() => undefined);
    servers.push(silent);
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const abort = new AbortController();
    silent.once('connection', (socket) => {
      servers.push({ close: () => socket.destroy() });
      abort.abort();
    });
    const { port } = silent.address() as AddressInfo;
    expect(await faultOf({ host: 'localhost', port }, {}, { signal: abort.signal })).toMatchObject({ code: 'aborted', sent: 'no' });
  });
});

/** A server in plain text that answers these commands so, and is never asked for a password. */
function dialogue(answers: Readonly<Record<string, string>>): (socket: Socket) => void {
  return (socket) => {
    socket.write('220 mail.example.com\r\n');
    socket.on('data', (bytes: Buffer) => {
      const [command = ''] = bytes.toString('latin1').trim().split(' ', 1);
      if (command.startsWith('AUTH') || command.startsWith('MAIL')) told.push(new Error(`${canary} was asked for ${command}`));
      if (command === 'EHLO') socket.write('250-mail.example.com\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n');
      else if (Object.hasOwn(answers, command)) socket.write(answers[command] ?? '');
      else socket.end();
    });
  };
}

describe('a mail of which nobody knows', () => {
  it('is one whose server hangs up after it was given the mail', async () => {
    const server = await serve({ data: 'drop' });
    expect(await faultOf(transportOf(server))).toMatchObject({ code: 'network', sent: 'maybe' });
  });

  it('is one that is stopped while its server says nothing about it', async () => {
    const server = await serve({ data: 'hang' });
    const abort = new AbortController();
    const sending = faultOf(transportOf(server), {}, { signal: abort.signal });
    while (server.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    setTimeout(() => abort.abort(), 300);
    expect(await sending).toMatchObject({ code: 'aborted', sent: 'maybe' });
  });
});
