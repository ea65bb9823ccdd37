import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { selfSignedCertificate } from '../../../net/__fixtures__/self-signed-certificate.ts';

/** A mail that a server was given. */
export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly isSecure: boolean;
  readonly user: string | undefined;
}

/** How a server stands to what it is told; a number is the status of a refusal. */
export interface MailServerOptions extends SMTPServerOptions {
  readonly recipients?: (address: string) => number | null;
  readonly data?: number | 'drop' | 'hang';
  readonly password?: string;
  /** The name that its certificate is for. @default 'localhost' */
  readonly certified?: string;
}

/** A true SMTP server on this machine. */
export interface MailServer {
  readonly port: number;
  /** What vouches for it. */
  readonly authority: string;
  readonly mails: readonly TakenMail[];
  /** Commands and credentials that it has seen. */
  readonly seen: readonly string[];
  close(): Promise<void>;
}

const refusal = (status: number, text = 'no'): Error => Object.assign(new Error(text), { responseCode: status });

/** Starts one, with a certificate for `localhost` and this machine's address. */
export async function mailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const { recipients, data, password, certified = 'localhost', ...given } = options;
  const { key, cert } = selfSignedCertificate({ names: [certified], addresses: ['127.0.0.1'] });
  const mails: TakenMail[] = [];
  const seen: string[] = [];
  const server = new SMTPServer({
    key,
    cert,
    authOptional: password === undefined,
    logger: false,
    closeTimeout: 100,
    onAuth(auth, _session, callback) {
      seen.push(`AUTH ${auth.username}`);
      if (auth.password === password) callback(null, { user: auth.username ?? '' });
      else callback(refusal(535, `5.7.8 no such password as ${auth.password}`));
    },
    onMailFrom(address, _session, callback) {
      seen.push(`MAIL ${address.address}`);
      callback();
    },
    onRcptTo({ address }, _session, callback) {
      const status = recipients?.(address) ?? null;
      callback(status === null ? null : refusal(status));
    },
    onData(stream, session, callback) {
      const take = (raw: string): void => {
        if (data === 'hang') return;
        if (data === 'drop') for (const connection of server.connections) connection.close();
        else if (data !== undefined) callback(refusal(data));
        else {
          const { mailFrom, rcptTo } = session.envelope;
          const from = mailFrom === false ? '' : mailFrom.address;
          mails.push({ from, to: rcptTo.map(({ address }) => address), raw, isSecure: session.secure, user: session.user });
          callback(null, 'queued as 4711');
        }
      };
      // A client that goes away in the middle of it has sent nothing.
      text(stream).then(take, () => undefined);
    },
    ...given,
  });
  // Clients that are sent away tell of it.
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    authority: cert,
    mails,
    seen,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
