import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Clock, Timer } from '../../clock/clock.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { Network } from '../../net/create-network.ts';
import { trustedAuthorities } from '../../net/trusted-authorities.ts';
import type { ComposedMail } from './compose-message.ts';
import type { ResolvedTransport } from './email-options.ts';
import { smtpFault } from './smtp-fault.ts';

/** What the server said of a mail that it has taken. */
export interface SubmittedMail {
  readonly accepted: number;
  readonly rejected: readonly string[];
  /** The server's own id of it, where it told one. */
  readonly serverId: string | undefined;
}

/** One submission. */
export interface Submission {
  readonly network: Pick<Network, 'connect'>;
  readonly transport: ResolvedTransport;
  readonly mail: ComposedMail;
  readonly clock: Pick<Clock, 'setTimer'>;
  /** Ends it, whatever it is at. */
  readonly signal: AbortSignal;
  /** True once nothing may be sent any more. */
  readonly isTooLate: () => boolean;
}

/** Milliseconds for the greeting and TLS, and without a byte from the server. */
const patience = { greetingMs: 15_000, silenceMs: 45_000 };

/** Longest reply of the server that is read, and all of them together with TLS, bytes. Empty lines are no reply, and the library drops them one by one. */
const longestReply = 16_384;
const longestTalk = 1_048_576;

/** Milliseconds between two looks at how much the server has said. */
const lookMs = 50;

/**
 * Hands a mail to a mail server over a guarded socket. TLS is verified, and required unless the transport says otherwise. Throws errors whose `sent` tells
 * whether the server may have the mail: `no` until it has asked for it, and when it has refused it.
 */
export async function submitMail(submission: Submission): Promise<SubmittedMail> {
  const { network, transport, signal } = submission;
  const { host, port } = transport;
  const socket = await network.connect({ host, port, signal });
  const attempt = new SmtpAttempt(submission, socket);
  try {
    return await attempt.done;
  } finally {
    attempt.end();
  }
}

class SmtpAttempt {
  readonly done: Promise<SubmittedMail>;
  readonly #submission: Submission;
  readonly #socket: Socket;
  readonly #smtp: SMTPConnection;
  readonly #deferred = Promise.withResolvers<SubmittedMail>();
  /** The server has asked for the mail. */
  #isBegun = false;
  #look: Timer;

  constructor(submission: Submission, socket: Socket) {
    this.#submission = submission;
    this.#socket = socket;
    this.done = this.#deferred.promise;
    this.#smtp = connectionOver(socket, submission.transport);
    // It tells of trouble at any time, also after the mail is done.
    this.#smtp.on('error', this.#fail);
    this.#look = this.#lookLater();
    submission.signal.addEventListener('abort', this.#stop, { once: true });
    if (submission.signal.aborted) this.#stop();
    this.#smtp.connect((error) => (error ? this.#fail(error) : this.#signIn()));
  }

  end(): void {
    this.#look.cancel();
    this.#submission.signal.removeEventListener('abort', this.#stop);
    this.#smtp.close();
    this.#socket.destroy();
    // It goes on with what it has read, a turn of the process for each line: a million empty ones would hold everybody up for minutes.
    Reflect.set(this.#smtp, '_responseQueue', []);
  }

  #signIn(): void {
    const { auth } = this.#submission.transport;
    if (auth === undefined) this.#send();
    else this.#smtp.login({ credentials: { ...auth } }, (error) => (error ? this.#fail(error) : this.#send()));
  }

  #send(): void {
    const { envelope, bytes } = this.#submission.mail;
    const message = new Readable({ read: () => this.#give(message) });
    message.on('error', this.#fail);
    this.#smtp.send({ from: envelope.from, to: [...envelope.to], size: bytes.byteLength }, message, (error, info) => {
      if (error) this.#fail(error);
      else if (info) this.#deferred.resolve({ accepted: info.accepted.length, rejected: info.rejected, serverId: info.serverMessageId });
    });
  }

  /** Called for the first time when the server has said that it takes the mail now. */
  #give(message: Readable): void {
    if (this.#isBegun) return;
    if (this.#submission.isTooLate()) {
      const late = 'The lease ran out before the mail was sent.';
      this.#fail(new PatchbayError({ code: 'lease_lost', message: late, retryable: true, sent: 'no' }));
      message.destroy();
      return;
    }
    this.#isBegun = true;
    message.push(this.#submission.mail.bytes);
    message.push(null);
  }

  #lookLater(): Timer {
    return this.#submission.clock.setTimer(() => {
      if (this.#socket.bytesRead <= longestTalk) this.#look = this.#lookLater();
      else this.#fail(Object.assign(new Error('too much'), { code: 'EPROTOCOL' }));
    }, lookMs);
  }

  #stop = (): void => this.#fail(Object.assign(new Error('stopped'), { code: 'EABORT' }));

  #fail = (error: unknown): void => this.#deferred.reject(smtpFault(error, { isBegun: this.#isBegun }));
}

function connectionOver(socket: Socket, { host, port, secure, isPlain, authorities, name }: ResolvedTransport): SMTPConnection {
  return new SMTPConnection({
    connection: socket,
    host,
    port,
    secure,
    name,
    requireTLS: !isPlain && !secure,
    ignoreTLS: isPlain,
    greetingTimeout: patience.greetingMs,
    connectionTimeout: patience.greetingMs,
    socketTimeout: patience.silenceMs,
    socketCloseTimeout: 0,
    maxResponseSize: longestReply,
    logger: false,
    // An environment variable of Node's turns the check off for the whole process; a password must not follow it.
    tls: { rejectUnauthorized: true, ...(authorities.length > 0 ? { ca: trustedAuthorities(authorities) } : {}) },
  });
}
