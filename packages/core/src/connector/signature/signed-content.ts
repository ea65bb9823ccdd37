/**
 * A piece of what is signed: text of its own, or a part of the request. `url` is the hub's public address and the path and query as they came,
 * `target` path and query alone; `form` is each parameter of a form-encoded body, name and value, sorted by name (Twilio).
 */
export type SignedPart = 'body' | 'form' | 'method' | 'target' | 'timestamp' | 'url' | { readonly text: string };

/**
 * Spellings of the URL that a service may have signed: as it is; with or without the port that its scheme implies, and with `'` or `%27`
 * (`twilio`); or with the escapes undone that HubSpot's documentation lists (`hubspot`).
 */
export type UrlSpelling = 'exact' | 'twilio' | 'hubspot';

/** Where the time is that a service signs. It is checked strictly: digits alone, and within the tolerance both ways. */
export interface SignedTime {
  /** A header, a field of the signature's header (`t=…,v1=…`), or a field at the top of a signed JSON body. */
  readonly in: { readonly header: string } | { readonly headerField: string } | { readonly bodyField: string };
  readonly unit: 'seconds' | 'milliseconds';
  /** Seconds that the time may differ from now, both ways; 1 to 3,600. */
  readonly toleranceSeconds: number;
}

/** One header with a signature over parts of the request. */
export interface SignedContent {
  /** Lower-case header name. */
  readonly header: string;
  /** Text before the signature, such as `sha256=`. */
  readonly prefix: string;
  /** The header holds fields, `t=…,v1=…`, and the signatures, at most five, are those of this name. @default the header is the signature */
  readonly field?: string;
  readonly encoding: 'hex' | 'base64';
  /** In the order in which they are signed. */
  readonly signs: readonly SignedPart[];
  /** @default exact */
  readonly url?: UrlSpelling;
  /** Absent: the service signs no time, and a delivery can be sent again at any time. */
  readonly time?: SignedTime;
}

/** An HMAC over parts of the request, the raw body among them. */
export interface HmacScheme extends SignedContent {
  readonly kind: 'hmac';
  readonly hash: 'sha1' | 'sha256' | 'sha512';
  /** How the secret's text says the key's bytes. */
  readonly secret: 'utf8' | 'base64' | 'hex' | 'whsec';
}

/** An ed25519 signature over parts of the request. What is registered as the secret is the service's public key. */
export interface Ed25519Scheme extends SignedContent {
  readonly kind: 'ed25519';
  /** How the text of the public key says its 32 bytes. */
  readonly key: 'base64' | 'hex';
}

type Described<Scheme extends SignedContent> = Pick<Scheme, 'header'> & Partial<Omit<Scheme, 'kind'>>;

/** An HMAC scheme. @default SHA-256 in hex over the raw body, without prefix, under the secret's UTF-8 bytes */
export function hmac(options: Described<HmacScheme>): HmacScheme {
  return { kind: 'hmac', hash: 'sha256', secret: 'utf8', ...contentOf(options) };
}

/** An ed25519 scheme, such as Discord's. @default a public key in hex; a signature in hex over the raw body */
export function ed25519(options: Described<Ed25519Scheme>): Ed25519Scheme {
  return { kind: 'ed25519', key: 'hex', ...contentOf(options) };
}

function contentOf<Options extends Described<SignedContent>>(options: Options): Options & SignedContent {
  const { time } = options;
  const place = time?.in;
  const lowered = time && place && 'header' in place ? { time: { ...time, in: { header: place.header.toLowerCase() } } } : {};
  return { prefix: '', encoding: 'hex', signs: ['body'], ...options, ...lowered, header: options.header.toLowerCase() };
}
