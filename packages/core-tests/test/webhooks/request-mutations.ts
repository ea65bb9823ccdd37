import type { SentRequest, SigningService } from './signing-services.ts';

/** A request as a service sends it, with what else is needed to make another of it. */
export interface Given {
  readonly service: SigningService;
  readonly request: SentRequest;
  /** The same service signs something else. */
  send(changes: { readonly secret?: string; readonly url?: string; readonly at?: number; readonly note?: string }): SentRequest;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Makes a request that must not be accepted; `undefined` where it has no meaning for the service. */
export type Mutation = (given: Given) => SentRequest | undefined;

/** The headers that a service signs with. */
export function signingHeaders({ request }: Given): readonly string[] {
  return Object.keys(request.headers).filter((name) => name !== 'content-type' && name !== 'x-amz-sns-message-type');
}

/** The header with the signature. */
export function signatureHeaderOf(given: Given): string | undefined {
  const names = signingHeaders(given);
  return names.find((name) => /signature$|-v3$|sha256|ed25519|authorization|token/.test(name)) ?? names[0];
}

const withHeader =
  (change: (value: string) => string): Mutation =>
  (given) => {
    const name = signatureHeaderOf(given);
    const { headers } = given.request;
    return name === undefined ? undefined : { ...given.request, headers: { ...headers, [name]: change(headers[name] ?? '') } };
  };

const withBody =
  (change: (body: Buffer) => Buffer | string): Mutation =>
  ({ request, service }) =>
    service.bodiless ? undefined : { ...request, body: Buffer.from(change(request.body)) };

const withTime =
  (change: (value: string) => string): Mutation =>
  (given) => {
    const name = signingHeaders(given).find((each) => each.endsWith('timestamp'));
    const { headers } = given.request;
    if (name !== undefined) return { ...given.request, headers: { ...headers, [name]: change(headers[name] ?? '') } };
    const fields = headers['stripe-signature'];
    const changed = fields?.replace(/t=(\d+)/, (_all, time: string) => `t=${change(time)}`);
    return changed === undefined ? undefined : { ...given.request, headers: { ...headers, 'stripe-signature': changed } };
  };

const at =
  (milliseconds: number): Mutation =>
  (given) =>
    given.service.timeless || (given.service.bodiless && !given.service.inBody) ? undefined : given.send({ at: given.at + milliseconds });

const flip = (value: string, index: number): string => {
  const place = index < 0 ? value.length + index : index;
  const other = value[place] === '0' ? '1' : '0';
  return `${value.slice(0, place)}${other}${value.slice(place + 1)}`;
};

const oddValues = ['', '0', 'null', 'undefined', 'true', '[object Object]', '=', ',', '0'.repeat(64), `sha256=${'0'.repeat(64)}`];

/** Mutations by what they do. */
export const mutations: Readonly<Record<string, Mutation>> = {
  'no header at all': ({ request, service }) => (service.inBody ? undefined : { ...request, headers: {} }),
  'a header under another name': (given) => {
    const name = signatureHeaderOf(given);
    if (name === undefined) return undefined;
    const { [name]: value = '', ...headers } = given.request.headers;
    return { ...given.request, headers: { ...headers, 'x-signature': value } };
  },
  'each header of the signature missing': (given) => {
    const name = signingHeaders(given).at(-1);
    if (name === undefined) return undefined;
    const { [name]: _gone, ...headers } = given.request.headers;
    return { ...given.request, headers };
  },
  ...Object.fromEntries(oddValues.map((odd) => [`the value ${JSON.stringify(odd)}`, withHeader(() => odd)])),
  'the first digit changed': withHeader((value) => flip(value, value.search(/[=, ]/) + 1)),
  'a digit in the middle changed': withHeader((value) => flip(value, Math.floor(value.length / 2))),
  'the last digit cut off': withHeader((value) => value.slice(0, -1)),
  'a digit more': withHeader((value) => `${value}0`),
  'half of it': withHeader((value) => value.slice(0, value.length / 2)),
  'a space before': withHeader((value) => ` ${value}`),
  'a space behind': withHeader((value) => `${value} `),
  'a tab within': withHeader((value) => `${value.slice(0, 12)}\t${value.slice(12)}`),
  'a null behind': withHeader((value) => `${value}\u0000`),
  'a soft hyphen within': withHeader((value) => `${value.slice(0, 20)}\u00ad${value.slice(20)}`),
  'letters of another script': withHeader((value) => value.replace(/\d/, (digit) => String.fromCodePoint(0xff10 + Number(digit)))),
  'quotes around it': withHeader((value) => `"${value}"`),
  'itself twice, joined by a comma': withHeader((value) => `${value},${value}`),
  'itself twice, joined as a proxy joins': withHeader((value) => `${value}, ${value}`),
  'a wrong one before it': withHeader((value) => `${flip(value, -3)}, ${value}`),
  'another prefix': withHeader((value) => `sha512=${value}`),
  'its letters in the other case': withHeader((value) =>
    /[G-Zg-z+/]/.test(value) ? [...value].map((each) => (/[a-z]/.test(each) ? each.toUpperCase() : each.toLowerCase())).join('') : '',
  ),
  'base64 of itself': withHeader((value) => Buffer.from(value).toString('base64')),
  base64url: withHeader((value) => (/[+/=]/.test(value) ? value.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '') : '')),
  'percent-encoded': withHeader((value) => `%${value.charCodeAt(0).toString(16)}${value.slice(1)}`),
  'a bit changed at the beginning': withBody((body) => Buffer.from(body).fill((body[0] ?? 0) ^ 1, 0, 1)),
  'a bit changed in the middle': withBody((body) =>
    Buffer.from(body).fill((body[body.length >> 1] ?? 0) ^ 1, body.length >> 1, (body.length >> 1) + 1),
  ),
  'the body cut': withBody((body) => body.subarray(0, -1)),
  'a space behind the body': withBody((body) => Buffer.concat([body, Buffer.from(' ')])),
  'a line end behind the body': withBody((body) => Buffer.concat([body, Buffer.from('\n')])),
  'a byte order mark': withBody((body) => Buffer.concat([Buffer.from('\uFEFF'), body])),
  'no body': withBody(() => Buffer.alloc(0)),
  'the body twice': withBody((body) => Buffer.concat([body, body])),
  'the body in Latin-1': withBody((body) => Buffer.from(`${body.toString('utf8')}ü`, 'latin1')),
  'the body as it is when it was parsed and written again': withBody((body) =>
    body[0] === 123 ? JSON.stringify(JSON.parse(body.toString()), null, 1) : 'x=1',
  ),
  'a letter of the body as an escape': withBody((body) => body.toString().replace('tone', '\\u0074one').replace('To=', '%54o=1')),
  "the signature of somebody else's secret": ({ send, service }) => send({ secret: service.otherSecret }),
  'the signature of another body': ({ request, send, service }) =>
    service.bodiless ? undefined : { ...request, headers: send({ note: 'another' }).headers },
  'a URL that was not called': ({ request, send, service }) =>
    ['hubspot', 'square', 'twilio'].includes(service.name)
      ? { ...request, headers: send({ url: `${request.url}?a=1` }).headers }
      : undefined,
  'the port of another server': ({ request, send, service }) =>
    ['hubspot', 'square', 'twilio'].includes(service.name)
      ? { ...request, headers: send({ url: request.url.replace(/(\w)\/hub/, '$1:8443/hub') }).headers }
      : undefined,
  'another method': ({ request, service }) => (service.name === 'hubspot' ? { ...request, method: 'PUT' } : undefined),
  'a time 301 seconds ago': at(-301_000),
  'a time 301 seconds ahead': at(301_000),
  'a time an hour ago': at(-3_601_000),
  'a time in another unit': withTime((time) => (time.length > 11 ? time.slice(0, -3) : `${time}000`)),
  'a time with a plus': withTime((time) => `+${time}`),
  'a time with a space': withTime((time) => ` ${time}`),
  'a time with a nought before': withTime((time) => `0${time}`),
  'a time with letters behind': withTime((time) => `${time}abc`),
  'a time with a fraction': withTime((time) => `${time}.0`),
  'a time as an exponent': withTime((time) => `${time.slice(0, 1)}.${time.slice(1)}e${time.length - 1}`),
  'a time twice': withTime((time) => `${time},${time}`),
  'no time': withTime(() => ''),
  'a time without end': withTime(() => 'Infinity'),
};
