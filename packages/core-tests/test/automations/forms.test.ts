import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { connect, type DeskProcess, type DeskStage, type DeskTenant, deskStage, orderAutomation } from '../desk/desk-stage.ts';

let stage: DeskStage;
let office: DeskProcess;
let acme: DeskTenant;
let url: string;

const schema = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 40, title: 'Your <name>' },
    seats: { type: 'integer', minimum: 1, maximum: 9 },
    topics: { type: 'array', items: { type: 'string', enum: ['a', 'b'] } },
    news: { type: 'boolean' },
    note: { type: 'string', maxLength: 1_000 },
  },
  required: ['name', 'seats'],
} as const;
const steps = [{ ...orderAutomation.steps[0], input: { title: '{{ event.data.name }}' } }] as const;
const signUp = { trigger: { form: { title: 'Sign "up"', description: 'Come & see.', schema } }, steps } as const;

const json = { 'content-type': 'application/json' };
const ask = (at = url, headers: Record<string, string> = {}) => office.hub.handler(new Request(at, { headers }));
const send = (body: string, headers: Record<string, string> = json, at = url) =>
  office.hub.handler(new Request(at, { method: 'POST', headers, body }));
const sendJson = (value: unknown, at = url) => send(JSON.stringify(value), json, at);
/** What a form's address gives to a program. */
const formShape = z.object({ title: z.string(), description: z.string(), schema: z.unknown(), token: z.string() });
const formOf = async (answer: Response) => formShape.parse(await answer.json());

const submitted = async (tenant = acme) => (await tenant.events.list({ type: 'form.submitted' })).items.map(({ event }) => event.data);

beforeEach(async () => {
  stage = deskStage();
  office = stage.process();
  acme = office.hub.tenant('acme');
  await connect(acme);
  await acme.automations.put('sign-up', signUp);
  ({ url } = await acme.automations.formLink('sign-up'));
});
afterEach(() => stage.close());

describe('who has the link', () => {
  it('is given the schema, and each time another token', async () => {
    const [first, second] = [await ask(), await ask()];
    expect(first.status).toBe(200);
    const given = await formOf(first);
    expect(given).toEqual({ title: 'Sign "up"', description: 'Come & see.', schema, token: expect.stringMatching(/^[\w-]{20,}$/) });
    expect((await formOf(second)).token).not.toBe(given.token);
    expect(first.headers.get('cache-control')).toBe('no-store');
  });

  it('starts the automation with what was filled in, as JSON', async () => {
    const answer = await sendJson({ name: 'Ada', seats: 2, topics: ['a'] });
    expect([answer.status, await answer.json()]).toEqual([202, { status: 'accepted', message: 'Your answers have been taken in.' }]);
    await office.settled();
    expect(await submitted()).toEqual([{ name: 'Ada', seats: 2, topics: ['a'] }]);
    expect(stage.desk.callsOf('file_ticket').map(({ input }) => input)).toEqual([{ title: 'Ada' }]);
  });

  it('and as a browser sends it, by the schema', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await send('name=Ada+L.&seats=3&topics=a&topics=b&news=true&note=&_token=t1', form)).status).toBe(202);
    expect((await send('name=Bob&seats=1', form)).status).toBe(202);
    expect((await submitted()).reverse()).toEqual([
      { name: 'Ada L.', seats: 3, topics: ['a', 'b'], news: true },
      { name: 'Bob', seats: 1, news: false },
    ]);
  });

  it('makes one event of a double click, and is told where the answers differ', async () => {
    const { token } = await formOf(await ask());
    const twice = await Promise.all([1, 2].map(() => sendJson({ name: 'Ada', seats: 2, _token: token })));
    expect(twice.map(({ status }) => status)).toEqual([202, 202]);
    expect((await sendJson({ name: 'Eve', seats: 2, _token: token })).status).toBe(409);
    expect(await submitted()).toEqual([{ name: 'Ada', seats: 2 }]);
  });

  it('is given a page where a browser asks, with nothing in it that runs', async () => {
    const answer = await ask(url, { accept: 'text/html,*/*' });
    const page = await answer.text();
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page).toContain('<h1>Sign &quot;up&quot;</h1>');
    expect(page).toContain('Your &lt;name&gt; (required)</label>');
    expect(page).toContain('<input type="number" step="1" min="1" max="9" id="seats" name="seats" required>');
    expect(page).not.toContain('<script');
    const wrong = await send('name=&seats=x', { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' });
    expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining('<p>name: is missing</p>')]);
  });
});

it('asks for nothing of a kind that there is not, and says which there are', () => {
  const schema = { type: 'object', properties: { name: { type: 'strin' } } };
  const { steps } = signUp;
  expect(() => acme.automations.parse({ trigger: { form: { title: 'Sign up', schema } }, steps })).toThrow(
    'trigger.form.schema.properties.name.type: must be "string" or "number"',
  );
});

describe('what is sent is refused, and says why', () => {
  it.each([
    ['something missing', { name: 'Ada' }, [{ field: 'seats', message: 'is missing' }]],
    ['something wrong', { name: 'Ada', seats: 10 }, [{ field: 'seats', message: 'must be at most 9' }]],
    ['something unknown', { name: 'Ada', seats: 1, admin: true }, [{ field: '', message: 'Unrecognized key: "admin"' }]],
    ['another choice', { name: 'Ada', seats: 1, topics: ['c'] }, [{ field: 'topics.0', message: 'must be one of a, b' }]],
    ['a token that is none', { name: 'Ada', seats: 1, _token: 'a b' }, [{ field: '_token', message: expect.any(String) }]],
  ])('with %s', async (_what, value, faults) => {
    const answer = await sendJson(value);
    expect([answer.status, await answer.json()]).toEqual([
      422,
      { status: 'invalid', message: 'Nothing was taken in. Go back and correct it.', faults },
    ]);
    expect(await submitted()).toEqual([]);
  });

  it.each([
    ['no JSON', '{', json, 400],
    ['a list', '[]', json, 400],
    ['a key twice', '{"name":"a","name":"b"}', json, 400],
    ['another type', 'name=x', { 'content-type': 'text/plain' }, 415],
    [
      'too many fields of a page',
      Array.from({ length: 16_000 }, (_, index) => index.toString(36)).join('&'),
      { 'content-type': 'application/x-www-form-urlencoded' },
      400,
    ],
    ['too much', JSON.stringify({ name: 'Ada', seats: 1, note: 'x'.repeat(70_000) }), json, 413],
  ])('as %s', async (_what, body, headers, status) => {
    expect((await send(body, headers)).status).toBe(status);
    expect(await submitted()).toEqual([]);
  });
});

describe('a link', () => {
  const words = async (answer: Response) => [answer.status, await answer.text()];

  it('tells strangers nothing: every wrong one has the same answer', async () => {
    const beta = office.hub.tenant('beta');
    await connect(beta);
    await beta.automations.put('sign-up', signUp);
    const other = new URL((await beta.automations.formLink('sign-up')).url);
    await acme.automations.put('second', signUp);
    const second = new URL((await acme.automations.formLink('second')).url);
    const own = new URL(url);
    const key = own.searchParams.get('key') ?? '';
    const wrong = [
      `${own.origin}${own.pathname}`,
      `${own.origin}${own.pathname}?key=`,
      `${own.origin}${own.pathname}?key=${'A'.repeat(key.length)}`,
      `${own.origin}${own.pathname}?key=${key.slice(0, -4)}AAAA`,
      `${own.origin}${own.pathname}?key=${'a'.repeat(5_000)}`,
      // The key of one form opens no other, be it the same tenant's or another's.
      `${own.origin}${own.pathname}?key=${other.searchParams.get('key')}`,
      `${other.origin}${other.pathname}?key=${key}`,
      `${own.origin}${own.pathname}?key=${second.searchParams.get('key')}`,
      `${second.origin}${second.pathname}?key=${key}`,
      `${own.origin}/hub/forms/019ad2b6-7c1e-7000-8000-000000000001?key=${key}`,
      `${own.origin}/hub/forms/nonsense?key=${key}`,
    ];
    const answers = await Promise.all(wrong.map(async (each) => words(await ask(each))));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.[0]).toBe(404);
    expect((await sendJson({ name: 'Eve', seats: 1 }, wrong[5])).status).toBe(404);
    expect([await submitted(), await submitted(beta)]).toEqual([[], []]);
  });

  it('ends when it was to end', async () => {
    const short = await acme.automations.formLink('sign-up', { expiresInMs: 60_000 });
    expect((await ask(short.url)).status).toBe(200);
    await stage.clock.advance(60_000);
    expect((await ask(short.url)).status).toBe(410);
    expect((await sendJson({ name: 'Ada', seats: 1 }, short.url)).status).toBe(410);
    await expect(acme.automations.formLink('sign-up', { expiresInMs: 1 })).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it.each([
    ['disabled', () => acme.automations.disable('sign-up')],
    ['deleted', () => acme.automations.delete('sign-up')],
    ['given another trigger', () => acme.automations.put('sign-up', orderAutomation)],
  ])('takes nothing in where its automation is %s, in any process', async (_what, change) => {
    const other = stage.process();
    await other.hub.handler(new Request(url));
    await change();
    const answer = await other.hub.handler(
      new Request(url, { method: 'POST', headers: json, body: JSON.stringify({ name: 'Ada', seats: 1 }) }),
    );
    expect(answer.status).toBe(410);
    expect(await submitted()).toEqual([]);
  });

  it('still holds after the keys of the tenant were rotated', async () => {
    await acme.vault.rotate();
    expect((await ask()).status).toBe(200);
  });

  it('is made for forms alone, and recorded', async () => {
    await acme.automations.put('other', orderAutomation);
    await expect(acme.automations.formLink('other')).rejects.toMatchObject({ code: 'invalid_argument' });
    expect((await acme.audit.list({ action: 'automation.link_form' })).items).toHaveLength(1);
  });

  it('is asked for so often, and no oftener', async () => {
    const answers: number[] = [];
    for (let index = 0; index < 210; index += 1) answers.push((await ask()).status);
    expect(answers.filter((status) => status === 200)).toHaveLength(200);
    expect(answers.slice(-10)).toEqual(Array.from({ length: 10 }, () => 429));
  });

  it('takes GET and POST alone', async () => {
    expect((await office.hub.handler(new Request(url, { method: 'OPTIONS' }))).status).toBe(405);
    expect((await office.hub.handler(new Request(url, { method: 'DELETE' }))).status).toBe(405);
  });
});
