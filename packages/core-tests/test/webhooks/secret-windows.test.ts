import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bellConnector } from './bell-connector.ts';
import { type BellProcess, type BellStage, bellStage, ring } from './bell-stage.ts';

const hour = 3_600_000;
const url = 'https://host.example.com/hub/webhooks/bell';
const [first, second, third] = ['the first secret', 'the second secret', 'the third secret'] as const;

let stage: BellStage;
let process: BellProcess;
let door: BellProcess;

beforeEach(async () => {
  stage = bellStage();
  process = stage.process();
  door = stage.process();
  await process.hub.tenant('acme').connections.put('main', { connector: 'bell', credential: { type: 'none' } });
});
afterEach(() => stage.close());

const register = (secret: string, window: { notBefore?: Date; overlapMs?: number } = {}) =>
  process.hub.tenant('acme').webhooks.register({ connection: 'main', secret, ...window });

/** Which of the secrets another process takes now. */
async function taken(to: string, by = door): Promise<readonly string[]> {
  const live: string[] = [];
  for (const secret of [first, second, third]) if ((await by.send(to, ring({ secret }))).status === 202) live.push(secret);
  return live;
}

describe("a registration's secrets", () => {
  it('hold side by side in an overlap that is chosen, and the old one no moment longer', async () => {
    const registration = await register(first);
    await register(second, { overlapMs: hour });
    expect(await taken(registration.url)).toEqual([first, second]);
    await stage.clock.advance(hour - 1);
    expect(await taken(registration.url)).toEqual([first, second]);
    await stage.clock.advance(1);
    expect(await taken(registration.url)).toEqual([second]);
  });

  it('are revoked at once by an overlap of nothing, also by one that is known', async () => {
    const registration = await register(first);
    expect(await taken(registration.url)).toEqual([first]);
    await register(second, { overlapMs: 0 });
    expect(await taken(registration.url)).toEqual([second]);
    await register(third);
    expect(await taken(registration.url)).toEqual([second, third]);
    await register(third, { overlapMs: 0 });
    expect(await taken(registration.url)).toEqual([third]);
  });

  it('can begin later, and those before hold until then', async () => {
    const registration = await register(first);
    await register(second, { notBefore: new Date(stage.clock.now() + 48 * hour), overlapMs: 0 });
    await stage.clock.advance(48 * hour - 1);
    expect(await taken(registration.url)).toEqual([first]);
    await stage.clock.advance(1);
    expect(await taken(registration.url)).toEqual([second]);
  });

  it('are not changed by registering the same once more', async () => {
    await register(first);
    await register(second, { overlapMs: hour });
    const before = await process.hub.tenant('acme').webhooks.list();
    const revision = await stage.storage.configuration.revision('acme');
    await register(second);
    await register(second, { overlapMs: hour });
    expect(await process.hub.tenant('acme').webhooks.list()).toEqual(before);
    expect(await stage.storage.configuration.revision('acme')).toEqual(revision);
  });

  it.each([
    { overlapMs: -1 },
    { overlapMs: 30 * 24 * hour + 1 },
    { overlapMs: 0.5 },
    { overlapMs: Number.NaN },
    { notBefore: new Date('never') },
    { notBefore: new Date(-1) },
  ])('refuse the window %o', async (window) => {
    await expect(register(first, window)).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});

describe("an app's secrets", () => {
  it('each hold in their own window', async () => {
    const now = stage.clock.now();
    const app = stage.process({
      connector: bellConnector({ accounts: true }),
      appSecrets: [
        { secret: first, notAfter: new Date(now + 2 * hour) },
        { secret: second, notBefore: new Date(now + hour) },
        { secret: third, notBefore: new Date(now - 2 * hour), notAfter: new Date(now - hour) },
      ],
    });
    expect(await taken(url, app)).toEqual([first]);
    await stage.clock.advance(hour);
    expect(await taken(url, app)).toEqual([first, second]);
    await stage.clock.advance(hour);
    expect(await taken(url, app)).toEqual([second]);
  });

  it.each([
    ['no dates', { secret: first, notAfter: 5 as never }],
    ['no time at all', { secret: first, notBefore: new Date('never') }],
    ['an end before the beginning', { secret: first, notBefore: new Date(2), notAfter: new Date(1) }],
  ])('are refused with %s, and not repeated', (_what, odd) => {
    const start = () => stage.process({ connector: bellConnector({ accounts: true }), appSecrets: odd });
    expect(start).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining('good at no time') }));
    expect(start).not.toThrow(expect.objectContaining({ message: expect.stringContaining(first) }));
  });
});
