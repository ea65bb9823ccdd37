import { createHub, localKeys } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bellConnector } from '../bell-connector.ts';
import { secret } from '../bell-stage.ts';
import { rawRing } from './raw-ring.ts';

/** What has broken logs, terminals, parsers and pages before, each as a class of its own. */
const hostile = [
  '\r\n{"level":"error","message":"forged"}',
  '\n',
  '\r',
  '\u0000',
  '\u001b[2J\u001b[31mred\u001b[0m',
  '\u001b]0;title\u0007',
  '\u009b31m',
  '\u0085next',
  '\u2028line\u2029paragraph',
  '\u202eevil\u202c',
  '\u2066isolated\u2069',
  '\u200b\u200e\u200f\ufeff',
  '\u061c',
  '"},{"level":"error"',
  "'; DROP TABLE events; --",
  '<script>alert(1)</script>',
  '\u0024{jndi:ldap://host.example.com/a}',
  '{{ 7 * 7 }}',
  '%0d%0aset-cookie: a=1',
  '../../../../etc/passwd',
  '__proto__',
  'constructor',
  'NaN',
  '1e400',
  'Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤',
  '👾 🙇 💁 🙅',
  '社會科學院語學研究所',
  'ﷺ'.repeat(50),
  '\ufffe\uffff',
  '%n%s%x',
  '`id`',
  '() { :; }; echo',
  'CON',
  '\\u0000\\n\\"',
  'a'.repeat(5_000),
];

const unsafe = /[\p{Cc}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/u;

let lines: string[];

beforeEach(() => {
  lines = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

describe('I12 forged, coloured and turned-around log lines', () => {
  it('are one line of plain JSON for each record, wherever a sender puts what he wants to be read', async () => {
    const storage = memoryStorage();
    const hub = createHub({
      connectors: [bellConnector({ accounts: true })],
      storage,
      keys: localKeys({ active: 'k1', keys: { k1: Buffer.alloc(32, 3).fill(5, 16).toString('base64') } }),
      publicUrl: 'https://host.example.com/hub',
      apps: { bell: { webhookSecret: secret } },
    });
    const acme = hub.tenant('acme');
    await acme.connections.put('main', { connector: 'bell', credential: { type: 'none' }, externalAccount: { id: 'T1' } });
    const { url } = await acme.webhooks.register({ connection: 'main', secret });
    const send = async (at: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<number | 'not sendable'> => {
      let request: Request;
      try {
        const ringing = rawRing(body, headers);
        request = new Request(at, { method: 'POST', headers: ringing.headers, body: Buffer.from(ringing.body) });
      } catch {
        return 'not sendable';
      }
      return (await hub.handler(request)).status;
    };
    const statuses: (number | 'not sendable')[] = [];
    for (const text of hostile) {
      const event = { trigger: text, data: { tone: text }, subject: text };
      for (const body of [
        { events: [event] },
        { account: 'T1', events: [event] },
        { tone: 7, [text]: text },
        { events: [{ ...event, trigger: 'rung', data: { [text]: text } }] },
      ])
        statuses.push(
          await send(url, JSON.stringify(body)),
          await send('https://host.example.com/hub/webhooks/bell', JSON.stringify(body)),
        );
      statuses.push(await send(url, text), await send(`${url}?a=${encodeURIComponent(text)}`, '{'));
      for (const name of [
        'x-bell-delivery',
        'x-bell-signature',
        'user-agent',
        'content-type',
        'content-encoding',
        'x-forwarded-for',
        'x-anything',
      ])
        statuses.push(await send(url, '{"tone":7}', { [name]: text }), await send(url, '{"tone":7}', { [name]: encodeURIComponent(text) }));
    }
    await hub.stop();
    await storage.close();
    expect(statuses.filter((status) => status === 500)).toEqual([]);
    expect(lines.length).toBeGreaterThan(hostile.length * 4);
    for (const line of lines) {
      expect(line.endsWith('\n')).toBe(true);
      expect(line.slice(0, -1)).not.toMatch(unsafe);
      expect(['warn', 'error']).toContain(JSON.parse(line).level);
      expect(JSON.parse(line).message).not.toBe('forged');
    }
  });
});
