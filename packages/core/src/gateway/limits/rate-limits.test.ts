import { describe, expect, it } from 'vitest';
import { rateLimits } from './rate-limits.ts';
import { soundReadings } from './sound-readings.ts';

const date = 'Fri, 20 Nov 2026 10:00:00 GMT';
const at = Date.parse(date);
const answer = (headers: Record<string, string | readonly string[]>, status = 200) => ({ status, headers });

describe('limits by the headers of a service', () => {
  it('reads seconds since 1970 against the date of the answer, with the name of the limit (GitHub)', () => {
    const headers = {
      date,
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '4987',
      'x-ratelimit-used': '13',
      'x-ratelimit-reset': String(at / 1_000 + 120),
      'x-ratelimit-resource': 'core',
    };
    expect(rateLimits.known.github(answer(headers))).toEqual([
      { name: 'core', limit: 5_000, remaining: 4_987, used: 13, resetAfterMs: 120_000, windowMs: 3_600_000 },
    ]);
  });

  it('leaves an absolute time to our clock where the answer has no date', () => {
    const headers = { 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': String(at / 1_000 + 5) };
    expect(rateLimits.known.github(answer(headers))).toMatchObject([{ resetsAt: at + 5_000 }]);
    expect(soundReadings({ rateLimit: rateLimits.known.github }, answer(headers), at)).toMatchObject([{ resetAfterMs: 5_000 }]);
  });

  it.each([
    ['epoch_seconds', String(at / 1_000 + 4)],
    ['any', 'Fri, 20 Nov 2026 10:00:04 GMT'],
    ['milliseconds', '4000'],
  ] as const)('reads until when a service that refuses wants no request (%s)', (resetForm, value) => {
    const rateLimit = rateLimits.headers({ refusedUntil: 'Retry-At', resetForm, remaining: 'x-left' });
    const refusal = answer({ date, 'retry-at': value, 'x-left': '3' }, 429);
    expect(soundReadings({ rateLimit }, refusal, at)).toMatchObject([{ remaining: 0, resetAfterMs: 4_000 }]);
    expect(soundReadings({ rateLimit }, answer({ date, 'x-left': '3' }), at)).toMatchObject([{ remaining: 3 }]);
  });

  it('takes the word of a reader that the service wants no request for a while', () => {
    const rateLimit = () => [{ retryAfterMs: 4_000, remaining: 3, resetAfterMs: 1 }];
    expect(soundReadings({ rateLimit }, answer({}, 429), at)).toMatchObject([{ name: '', remaining: 0, resetAfterMs: 4_000 }]);
    expect(soundReadings({ rateLimit: () => [{ retryAfterMs: 0 }] }, answer({}, 429), at)).toEqual([]);
  });

  it('refuses to read the end of a window alone', () => {
    expect(() => rateLimits.headers({ reset: 'retry-at' })).toThrowError(expect.objectContaining({ code: 'connector_invalid' }));
  });

  it('reads what is observed instead of what remains (GitLab)', () => {
    const headers = { date, 'ratelimit-limit': '60', 'ratelimit-observed': '67', 'ratelimit-reset': String(at / 1_000 + 60) };
    expect(rateLimits.known.gitlab(answer(headers))).toMatchObject([{ limit: 60, remaining: 0, resetAfterMs: 60_000 }]);
  });

  it('reads a date to the minute, and policies with their prefix (Jira)', () => {
    const headers = {
      date,
      'x-ratelimit-limit': '350',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '2026-11-20T10:02Z',
      'beta-ratelimit-policy': '"tenant-app-quota";q=100100;w=3600',
      'beta-ratelimit': '"tenant-app-quota";r=99000;t=1800',
    };
    expect(rateLimits.known.jira(answer(headers))).toEqual([
      { limit: 350, remaining: 0, resetAfterMs: 120_000 },
      { name: 'tenant-app-quota', unit: 'points', limit: 100_100, remaining: 99_000, windowMs: 3_600_000, resetAfterMs: 1_800_000 },
    ]);
  });

  it('reads several limits of one answer, milliseconds since 1970 and what a request cost (Linear)', () => {
    const headers = {
      date,
      'x-ratelimit-requests-limit': '1500',
      'x-ratelimit-requests-remaining': '1499',
      'x-ratelimit-requests-reset': String(at + 60_000),
      'x-ratelimit-complexity-limit': '250000',
      'x-ratelimit-complexity-remaining': '249000',
      'x-ratelimit-complexity-reset': String(at + 60_000),
      'x-complexity': '37.5',
    };
    expect(rateLimits.known.linear(answer(headers))).toEqual([
      { name: 'requests', limit: 1_500, remaining: 1_499, resetAfterMs: 60_000 },
      { name: 'complexity', unit: 'complexity', limit: 250_000, remaining: 249_000, cost: 37, resetAfterMs: 60_000 },
    ]);
  });

  it.each([
    ['6m0s', 360_000],
    ['120ms', 120],
    ['1h2m', 3_720_000],
    ['1.5s', 1_500],
    ['17us', 1],
    ['1d', 86_400_000],
  ])('reads the duration %s (OpenAI)', (reset, resetAfterMs) => {
    const headers = { 'x-ratelimit-limit-requests': '60', 'x-ratelimit-remaining-requests': '59', 'x-ratelimit-reset-requests': reset };
    expect(rateLimits.known.openai(answer(headers))).toEqual([{ name: 'requests', limit: 60, remaining: 59, resetAfterMs }]);
  });

  it('tells tokens from requests (OpenAI, Anthropic)', () => {
    const openai = { 'x-ratelimit-limit-tokens': '150000', 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '6m0s' };
    expect(rateLimits.known.openai(answer(openai))).toMatchObject([
      { name: 'tokens', unit: 'tokens', remaining: 0, resetAfterMs: 360_000 },
    ]);
    const anthropic = {
      date,
      'anthropic-ratelimit-requests-limit': '50',
      'anthropic-ratelimit-requests-remaining': '49',
      'anthropic-ratelimit-requests-reset': '2026-11-20T10:00:30Z',
      'anthropic-ratelimit-input-tokens-limit': '20000',
      'anthropic-ratelimit-input-tokens-remaining': '0',
      'anthropic-ratelimit-input-tokens-reset': '2026-11-20T10:00:10.500+00:00',
    };
    expect(rateLimits.known.anthropic(answer(anthropic))).toMatchObject([
      { name: 'requests', remaining: 49, resetAfterMs: 30_000 },
      { name: 'input-tokens', unit: 'tokens', remaining: 0, resetAfterMs: 10_500 },
    ]);
  });

  it('reads an interval and a day (HubSpot)', () => {
    const headers = {
      'x-hubspot-ratelimit-max': '100',
      'x-hubspot-ratelimit-remaining': '98',
      'x-hubspot-ratelimit-interval-milliseconds': '10000',
      'x-hubspot-ratelimit-daily': '250000',
      'x-hubspot-ratelimit-daily-remaining': '249998',
    };
    expect(rateLimits.known.hubspot(answer(headers))).toEqual([
      { name: 'interval', limit: 100, remaining: 98, windowMs: 10_000 },
      { name: 'daily', limit: 250_000, remaining: 249_998, windowMs: 86_400_000 },
    ]);
  });

  it('reads used and limit in one header (Salesforce)', () => {
    const headers = { 'sforce-limit-info': 'api-usage=18/5000; per-app-api-usage=17/250(appName=sample)' };
    expect(rateLimits.known.salesforce(answer(headers))).toEqual([
      { name: 'daily', limit: 5_000, used: 18, remaining: 4_982, windowMs: 86_400_000 },
    ]);
  });

  it('takes names of headers in any case, seconds from now and a header of its own for the window', () => {
    const reader = rateLimits.headers({
      limit: 'X-Limit',
      remaining: 'X-Left',
      reset: 'X-Reset',
      resetForm: 'seconds',
      windowFrom: 'X-Window',
    });
    expect(reader(answer({ 'x-limit': '10', 'x-left': '3', 'x-reset': '1.5', 'x-window': '60000' }))).toEqual([
      { limit: 10, remaining: 3, resetAfterMs: 1_500, windowMs: 60_000 },
    ]);
    expect(reader(answer({}))).toBeUndefined();
  });

  it('takes the first of several readers that finds something', () => {
    const reader = rateLimits.firstOf(rateLimits.known.github, rateLimits.ietf());
    expect(reader(answer({ ratelimit: '"hour";r=7;t=30' }))).toEqual([{ name: 'hour', remaining: 7, resetAfterMs: 30_000 }]);
  });
});

describe('limits by the IETF draft', () => {
  it('joins policy and state by name', () => {
    const headers = {
      'ratelimit-policy': '"burst";q=100;w=60,"daily";q=1000;w=86400;qu="content-bytes"',
      ratelimit: '"burst";r=50;t=30, "daily";r=12',
    };
    expect(rateLimits.ietf()(answer(headers))).toEqual([
      { name: 'burst', limit: 100, windowMs: 60_000, remaining: 50, resetAfterMs: 30_000 },
      { name: 'daily', unit: 'content-bytes', limit: 1_000, windowMs: 86_400_000, remaining: 12 },
    ]);
  });

  it('reads what older drafts wrote, and lists that came as several headers', () => {
    expect(rateLimits.ietf()(answer({ ratelimit: 'limit=100, remaining=7, reset=30', 'ratelimit-policy': '100;w=60' }))).toEqual([
      { limit: 100, remaining: 7, resetAfterMs: 30_000, windowMs: 60_000 },
    ]);
    expect(rateLimits.ietf()(answer({ ratelimit: ['"a";r=1', '"b";r=2'] }))).toHaveLength(2);
  });

  it('splits at no comma inside of quotes, and reads no parameter twice', () => {
    expect(rateLimits.ietf()(answer({ ratelimit: '"a,b;r=9";r=1;t=2' }))).toEqual([{ name: 'a,b;r=9', remaining: 1, resetAfterMs: 2_000 }]);
  });
});

describe('limits that nobody has declared', () => {
  it.each([
    [
      { 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '2', 'x-ratelimit-reset': '30' },
      { limit: 10, remaining: 2, resetAfterMs: 30_000 },
    ],
    [
      { 'x-rate-limit-limit': '10', 'x-rate-limit-remaining': '2', 'x-rate-limit-reset': '2026-11-20T10:00:30.5Z' },
      { resetAfterMs: 30_500 },
    ],
    [
      { 'ratelimit-limit': '10', 'ratelimit-remaining': '2', 'ratelimit-reset': String(at / 1_000 + 9) },
      { remaining: 2, resetAfterMs: 9_000 },
    ],
    [{ 'ratelimit-limit': '10', 'ratelimit-remaining': '2', 'ratelimit-reset': date }, { resetAfterMs: 0 }],
    [
      { ratelimit: '"default";r=50;t=30', 'ratelimit-policy': '"default";q=100;w=60' },
      { name: 'default', limit: 100, remaining: 50 },
    ],
  ])('are read from common headers: %j', (headers, expected) => {
    expect(soundReadings({}, answer({ date, ...headers }), at)).toMatchObject([expected]);
  });

  it('are not guessed from a limit alone, nor where there is nothing', () => {
    expect(soundReadings({}, answer({ 'x-ratelimit-limit': '10' }), at)).toEqual([]);
    expect(soundReadings({}, answer({}), at)).toEqual([]);
  });
});

describe('nonsense in headers', () => {
  const headers = (limit: string, remaining: string, reset: string) => ({
    date,
    'x-ratelimit-limit': limit,
    'x-ratelimit-remaining': remaining,
    'x-ratelimit-reset': reset,
  });
  const read = (given: Record<string, string>) => soundReadings({}, answer(given), at);

  it.each(['-1', 'NaN', '1e3', '0x10', '99999999999999999', '', ' ', 'many', '1,000', '5;drop', '９'])('is no figure: %j', (text) => {
    expect(read(headers(text, text, '30'))).toEqual([]);
  });

  it.each(['-5', 'NaN', '99999999999999999', '4070908800', 'soon', '1h-2m', '1x', '2026-13-40T99:99Z', '0000', '9'.repeat(5_000)])(
    'is no end of a window: %j',
    (reset) => {
      const [reading] = read(headers('10', '2', reset));
      expect(reading).toMatchObject({ limit: 10, remaining: 2 });
      expect(reading?.resetAfterMs ?? 0).toBe(0);
    },
  );

  it('makes an end that has passed one that is now, and never more remain than the limit', () => {
    expect(read(headers('10', '500', String(at / 1_000 - 100)))).toMatchObject([{ remaining: 10, resetAfterMs: 0 }]);
  });

  it('is left out of what a connector gives, whatever its code does', () => {
    const given = (reading: unknown) => soundReadings({ rateLimit: () => reading as never }, answer({}), at);
    expect(given({ limit: Number.NaN, remaining: -3 })).toEqual([]);
    expect(given({ limit: 0, remaining: 0 })).toEqual([]);
    expect(given('text')).toEqual([]);
    expect(given([null, { name: '../../etc', remaining: 3, resetAfterMs: Number.POSITIVE_INFINITY, unit: 7 }])).toEqual([
      { name: '', unit: 'requests', limit: undefined, remaining: 3, resetAfterMs: undefined, windowMs: undefined },
    ]);
    expect(given(Array.from({ length: 50 }, (_, index) => ({ name: `n${index}`, remaining: 1 })))).toHaveLength(8);
    const throws = () => {
      throw new Error('no');
    };
    expect(soundReadings({ rateLimit: throws }, answer({}), at)).toEqual([]);
  });

  it('takes a window whose end nobody tells for one that may be over in a quarter of an hour', () => {
    const [daily] = soundReadings({ rateLimit: rateLimits.known.salesforce }, answer({ 'sforce-limit-info': 'api-usage=5000/5000' }), at);
    expect(daily).toMatchObject({ remaining: 0, resetAfterMs: 900_000, windowMs: 86_400_000 });
  });
});
