import { PatchbayError } from '../../errors/patchbay-error.ts';
import { parseMailbox } from './mailbox.ts';

/** A mail server that takes mail in from the hub (submission). */
export interface SmtpTransport {
  /** Name or address; the guard of outgoing connections holds for it, so one in the host's own network needs `dangerouslyAllowPrivateNetworks`. */
  readonly host: string;
  /** @default 465 where `secure`, else 587 */
  readonly port?: number;
  /** TLS from the first byte. Otherwise the connection begins in plain text and has to be upgraded by STARTTLS before anything is said. @default true for port 465 */
  readonly secure?: boolean;
  /** Signs in with a user name and a password, over TLS only. @default none */
  readonly auth?: { readonly user: string; readonly pass: string };
  /** PEM certificates of authorities that are trusted beside those Node trusts. @default none */
  readonly authorities?: readonly string[];
  /** How the hub greets the server. @default 'patchbay' */
  readonly name?: string;
  /** Speaks without TLS, so that everybody on the way reads and changes every mail. Not with `auth`. @default false */
  readonly dangerouslyPlain?: boolean;
}

/** What `email.send` sends with. A function is asked for each mail, so that tenants may have their own. */
export interface EmailOptions {
  readonly transport: SmtpTransport | ((tenant: string) => SmtpTransport | Promise<SmtpTransport>);
  /** Sender: `Example <hello@example.com>`. */
  readonly from: string | ((tenant: string) => string | Promise<string>);
}

/** A transport with its defaults filled in. */
export interface ResolvedTransport extends Omit<SmtpTransport, 'auth' | 'dangerouslyPlain'> {
  readonly port: number;
  readonly secure: boolean;
  readonly isPlain: boolean;
  readonly auth: { readonly user: string; readonly pass: string } | undefined;
  readonly authorities: readonly string[];
  readonly name: string;
}

const known: readonly string[] = ['host', 'port', 'secure', 'auth', 'authorities', 'name', 'dangerouslyPlain'];

/** Looks at what can be looked at before the first mail. Throws `invalid_argument`; no value is repeated. */
export function checkEmail(options: EmailOptions): EmailOptions {
  const extra = Object.keys(options).find((name) => name !== 'transport' && name !== 'from');
  if (extra !== undefined) throw invalid(`There is no option email.${extra.slice(0, 100)}. The options: transport, from`);
  if (typeof options.transport !== 'function') resolveTransport(options.transport);
  if (typeof options.from !== 'function') resolveSender(options.from);
  return options;
}

/** The sender's mailbox. Throws `invalid_argument`. */
export function resolveSender(from: unknown): NonNullable<ReturnType<typeof parseMailbox>> {
  const mailbox = parseMailbox(from);
  if (mailbox === undefined) throw invalid('The option email.from is one mailbox, such as Example <hello@example.com>');
  return mailbox;
}

/** The transport with its defaults. Throws `invalid_argument`. */
export function resolveTransport(transport: SmtpTransport): ResolvedTransport {
  if (typeof transport !== 'object' || transport === null) throw invalid('The option email.transport is { host, port, secure, auth }');
  const extra = Object.keys(transport).find((name) => !known.includes(name));
  if (extra !== undefined) throw invalid(`There is no option email.transport.${extra.slice(0, 100)}. The options: ${known.join(', ')}`);
  const { host, secure = transport.port === 465, dangerouslyPlain = false, auth, authorities = [], name = 'patchbay' } = transport;
  const port = transport.port ?? (secure ? 465 : 587);
  if (typeof host !== 'string' || !/^[A-Za-z0-9.:_[\]-]{1,253}$/.test(host))
    throw invalid('The option email.transport.host is the name of a mail server');
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw invalid('The option email.transport.port is a whole number from 1 to 65535');
  if (!/^[A-Za-z0-9.-]{1,253}$/.test(name)) throw invalid('The option email.transport.name is a host name');
  if (auth !== undefined && (!isText(auth.user) || !isText(auth.pass))) throw invalid('The option email.transport.auth is { user, pass }');
  if (auth !== undefined && dangerouslyPlain)
    throw invalid('The option email.transport.auth is not for a connection without TLS; leave out dangerouslyPlain');
  if (secure && dangerouslyPlain)
    throw invalid('The options secure and dangerouslyPlain of email.transport contradict each other; leave one out');
  return { host, port, secure, isPlain: dangerouslyPlain, auth, authorities, name };
}

const isText = (value: unknown): boolean => typeof value === 'string' && value.length > 0 && value.length <= 10_000;

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message: `${message}.` });
}
