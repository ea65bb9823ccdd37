import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { askPlan } from '../src/ask-plan.ts';

const enter = '\r';
const down = '\u001B[B';
const backspace = '\u007F';

/** A terminal with a person at it, who presses keys as soon as the words stand there that they are for. */
function terminalOf(answers: readonly (readonly [words: string, keys: string])[]) {
  const streams = { input: new PassThrough(), output: new PassThrough() };
  const open = [...answers];
  const seen = { now: '', all: '' };
  streams.output.setEncoding('utf8').on('data', (text: string) => {
    seen.now += stripVTControlCharacters(text);
    seen.all += stripVTControlCharacters(text);
    const [next] = open;
    if (next === undefined || !seen.now.includes(next[0])) return;
    open.shift();
    seen.now = '';
    // Nobody is so quick that the words are still being written.
    setImmediate(() => streams.input.write(next[1]));
  });
  return { streams, open, seen };
}

it('asks for everything, offers what follows from the id, and says what is wrong with an answer', async () => {
  const { streams, open, seen } = terminalOf([
    ['Id of the service', `My CRM${enter}`],
    ['--id my-service', `${backspace.repeat(6)}my-crm${enter}`],
    ['Its name', enter],
    ['What it is for', `${down.repeat(5)}${enter}`],
    ['How accounts are connected', `${down.repeat(3)}${enter}`],
    ['Where its API is', enter],
    ['Does it send webhooks?', enter],
    ['Is something to be asked for regularly?', enter],
  ]);
  expect(await askPlan({}, streams)).toEqual({
    id: 'my-crm',
    name: 'My Crm',
    category: 'crm',
    auth: 'oauth2',
    origin: 'https://api.my-crm.example',
    webhooks: true,
    polling: false,
  });
  expect(open).toEqual([]);
  expect(seen.all).toContain('The id "My CRM" is none.');
});

it('asks for nothing that is known', async () => {
  const given = { id: 'my-crm', name: "Ada's CRM", category: 'crm', origin: 'https://crm.example', webhooks: true, polling: true } as const;
  const { streams, seen } = terminalOf([['How accounts are connected', `${down}${enter}`]]);
  expect(await askPlan(given, streams)).toEqual({ ...given, auth: 'api_key' });
  for (const words of ['Id of the service', 'Its name', 'What it is for', 'Where its API is', 'webhooks', 'regularly'])
    expect(seen.all).not.toContain(words);
});

it('asks in whole lines and shows whole lists where a terminal does not tell its size', async () => {
  const { streams, seen } = terminalOf([['How accounts are connected', enter]]);
  const given = { id: 'a', name: 'A', category: 'crm', origin: 'https://a.example', webhooks: true, polling: true } as const;
  expect(await askPlan(given, { ...streams, output: Object.assign(streams.output, { columns: 0, rows: 0 }) })).toMatchObject({
    auth: 'bearer',
  });
  for (const words of ['How accounts are connected', 'bearer', 'oauth2']) expect(seen.all).toContain(words);
});

it.each([
  ['Control-C', '\u0003'],
  ['Escape', '\u001B'],
])('gives nothing where the person leaves by %s', async (_name, key) => {
  const { streams } = terminalOf([
    ['Id of the service', `my-crm${enter}`],
    ['Its name', key],
  ]);
  expect(await askPlan({}, streams)).toBeUndefined();
});
