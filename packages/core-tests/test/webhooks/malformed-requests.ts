import { createHmac } from 'node:crypto';

/** A request by Standard Webhooks that is not to be accepted. */
export interface MalformedRequest {
  readonly title: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What a request is made of. */
export interface Parts {
  readonly id: string;
  readonly time: string;
  readonly body: string | Buffer;
  readonly key: Buffer;
}

/** The signature of version 1, in base64. */
export function signatureOf({ id, time, body, key }: Parts): string {
  return createHmac('sha256', key).update(`${id}.${time}.`).update(body).digest('base64');
}

type Headers = Record<string, string>;

function headersOf(parts: Parts, changes: Headers = {}): Headers {
  const { id, time } = parts;
  return { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1,${signatureOf(parts)}`, ...changes };
}

/** Malformed requests around a good one. `now` is in seconds. */
export function malformedRequests(now: number, key: Buffer): readonly MalformedRequest[] {
  const good: Parts = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', time: String(now), body: '{"tone":"grüße"}', key };
  return [...ofTime(good, now), ...ofId(good, now), ...ofSignature(good), ...ofHeaders(good), ...ofBody(good), ...ofKey(good)];
}

const made = (title: string, headers: Headers, body: string | Buffer): MalformedRequest => ({ title, headers, body: Buffer.from(body) });

function ofTime(good: Parts, now: number): readonly MalformedRequest[] {
  const { time } = good;
  const texts = [`${time}abc`, ` ${time}`, `${time} `, `+${time}`, `-${time}`, `0${time}`, `${time}e0`, '1e9', `${time}.9`, `${time}.0`];
  const odd = [...texts, 'Infinity', '1e400', 'NaN', '', `0x${now.toString(16)}`, `${time}, ${time}`, `${time};${time}`, `${time}\u00a0`];
  const spelled = [` ${time}`, `+${time}`, `0${time}`, `${time}.0`, `${time}e0`, `0x${now.toString(16)}`, `${time}abc`];
  const signed = [String(now - 301), String(now + 301), String(now * 1_000), ...spelled, 'Infinity', '0', ''];
  return [
    ...odd.map((text) => made(`the time ${JSON.stringify(text)}`, headersOf(good, { 'webhook-timestamp': text }), good.body)),
    ...signed.map((text) => made(`the signed time ${JSON.stringify(text)}`, headersOf({ ...good, time: text }), good.body)),
  ];
}

function ofId(good: Parts, now: number): readonly MalformedRequest[] {
  // What is signed is the same text: the sender's body began with digits and a dot.
  const shifted = headersOf({ ...good, id: `msg_1.${now - 1}` }, { 'webhook-id': `msg_1.${now - 1}` });
  const ids = ['', 'msg.1', '.', 'msg_1 ', 'msg 1', 'msg_1, msg_1', 'msg/1', 'm'.repeat(129), 'mség', 'msg_1\u0000'];
  return [
    made('an id that takes the time from what was signed', shifted, good.body),
    ...ids.map((id) => made(`the signed id ${JSON.stringify(id).slice(0, 20)}`, headersOf({ ...good, id }), good.body)),
  ];
}

function ofSignature(good: Parts): readonly MalformedRequest[] {
  const signature = signatureOf(good);
  const wrong = `v1,${Buffer.alloc(32, 1).toString('base64')}`;
  const many = Array.from({ length: 999 }, () => wrong).join(' ');
  const lastLetter = String.fromCharCode(signature.charCodeAt(42) + 1);
  const values: Readonly<Record<string, string>> = {
    'no version': signature,
    'a version alone': 'v1',
    'a version and a comma': 'v1,',
    'version 2': `v2,${signature}`,
    'version 1a': `v1a,${signature}`,
    'version V1': `V1,${signature}`,
    'version 01': `v01,${signature}`,
    'a space behind the version': `v1 ,${signature}`,
    'an equals sign behind the version': `v1=${signature}`,
    'a third field': `v1,${signature},v1`,
    'no padding': `v1,${signature.slice(0, -1)}`,
    'more padding': `v1,${signature}=`,
    'the alphabet of URLs': `v1,${signature.replaceAll('+', '-').replaceAll('/', '_').slice(0, -1)}`,
    'another last letter for the same bytes': `v1,${signature.slice(0, 42)}${lastLetter}=`,
    'a space within': `v1,${signature.slice(0, 20)} ${signature.slice(20)}`,
    'letters that base64 does not have': `v1,${signature.slice(0, 20)}!${signature.slice(20)}`,
    'letters behind the padding': `v1,${signature}!!`,
    'hex digits': `v1,${Buffer.from(signature, 'base64').toString('hex')}`,
    'half of it': `v1,${signature.slice(0, 22)}`,
    nothing: '',
    spaces: '   ',
    'a space before': ` v1,${signature}`,
    'a space behind': `v1,${signature} `,
    'two spaces between two': `${wrong}  v1,${signature}`,
    'a tab between two': `${wrong}\tv1,${signature}`,
    'a comma between two': `${wrong}, v1,${signature}`,
    'a header that came twice': `v1,${signature}, v1,${signature}`,
    'a malformed one before it': `v1,short v1,${signature}`,
    'a malformed one behind it': `v1,${signature} v1,short`,
    'something else before it': `x v1,${signature}`,
    'a thousand, the last one good': `${many} v1,${signature}`,
    'a thousand, the first one good': `v1,${signature} ${many}`,
    'six, the last one good': `${Array.from({ length: 5 }, () => wrong).join(' ')} v1,${signature}`,
  };
  return Object.entries(values).map(([title, value]) =>
    made(`a signature: ${title}`, headersOf(good, { 'webhook-signature': value }), good.body),
  );
}

function ofHeaders(good: Parts): readonly MalformedRequest[] {
  const headers = headersOf(good);
  const without = Object.keys(headers).map((name) => {
    const { [name]: _gone, ...rest } = headers;
    return made(`no ${name}`, rest, good.body);
  });
  const renamed = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.replace('webhook', 'x-webhook'), value]));
  return [...without, made('headers under other names', renamed, good.body), made('no header', {}, good.body)];
}

function ofBody(good: Parts): readonly MalformedRequest[] {
  const signed = (body: string | Buffer) => headersOf({ ...good, body });
  return [
    made('a byte that is no UTF-8, signed as what it is read as', signed('{"tone":"\ufffd"}'), Buffer.from('{"tone":"\xff"}', 'latin1')),
    made(
      'half a character, signed as what it is read as',
      signed('{"tone":"\ufffd"}'),
      Buffer.from([...Buffer.from('{"tone":"'), 0xc3, 0x22, 0x7d]),
    ),
    made('a byte order mark that was not signed', signed(good.body), `\uFEFF${good.body}`),
    made('no byte order mark, where one was signed', signed(`\uFEFF${good.body}`), good.body),
    made('a line end', signed(good.body), `${good.body}\n`),
    made('nothing', signed(good.body), ''),
    made('the same JSON, written otherwise', signed(good.body), '{ "tone": "grüße" }'),
    made('a letter as an escape', signed(good.body), '{"tone":"gr\\u00fc\\u00dfe"}'),
    made('a letter in two parts', signed(good.body), String(good.body).normalize('NFD')),
    made('text of Latin-1', signed(good.body), Buffer.from(String(good.body), 'latin1')),
    made('a key twice', signed(good.body), '{"tone":"grüße","tone":"grüße"}'),
    made('one bit changed', signed(good.body), String(good.body).replace('t', 'u')),
  ];
}

function ofKey(good: Parts): readonly MalformedRequest[] {
  const keys: Readonly<Record<string, Buffer>> = {
    'the empty secret': Buffer.alloc(0),
    "the secret's text": Buffer.from(`whsec_${good.key.toString('base64')}`),
    "the secret's text without its prefix": Buffer.from(good.key.toString('base64')),
    "the secret's first half": good.key.subarray(0, 16),
    'somebody elses secret': Buffer.alloc(32, 3),
  };
  return Object.entries(keys).map(([title, key]) => made(`signed with ${title}`, headersOf({ ...good, key }), good.body));
}
