import { createPrivateKey, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { startConnectProxy } from '../../../core/src/net/__fixtures__/connect-proxy.ts';
import { selfSignedCertificate } from '../../../core/src/net/__fixtures__/self-signed-certificate.ts';

const host = 'sns.eu-west-1.amazonaws.com';
const certificatePath = '/SimpleNotificationService-0123abcd.pem';

/** SNS of one region, behind a proxy that every name leads to it by. */
export interface SnsService extends AsyncDisposable {
  /** For `egress` of a hub, whose requests then end here. */
  readonly proxy: string;
  /** Method and path of everything that was asked for. */
  readonly asked: readonly string[];
  /** What the next confirmation is answered. @default 200 */
  confirmsWith(status: number): void;
  /** A message of it, signed, as it is sent; with a change to the signed fields. */
  message(fields: Readonly<Record<string, string>>): { readonly headers: Readonly<Record<string, string>>; readonly body: string };
  /** Where a subscription with this token is confirmed. */
  confirmUrl(token: string): string;
}

/**
 * Starts it. Its certificate is self-made and signs its messages too; this process trusts it until the service ends, because the hub trusts what Node trusts
 * and nothing else.
 */
export async function startSns(): Promise<SnsService> {
  const { cert, key } = selfSignedCertificate({ names: [host, 'sns.amazonaws.com'], addresses: [], rsaBits: 2_048 });
  const trusted = getCACertificates('default');
  const asked: string[] = [];
  let status = 200;
  const server = createServer({ cert, key }, (incoming, answer) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    const isCertificate = incoming.url === certificatePath;
    answer.writeHead(isCertificate ? 200 : status).end(isCertificate ? cert : '<ConfirmSubscriptionResponse/>');
    if (!isCertificate) status = 200;
  });
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const proxy = await startConnectProxy({ port: typeof address === 'object' ? (address?.port ?? 0) : 0 });
  setDefaultCACertificates([...trusted, cert]);
  return {
    proxy: `http://127.0.0.1:${proxy.port}`,
    asked,
    confirmsWith(next) {
      status = next;
    },
    message: (fields) => messageOf(fields, key),
    confirmUrl: (token) => `https://${host}/?Action=ConfirmSubscription&TopicArn=${fieldsOfTopic.TopicArn}&Token=${token}`,
    async [Symbol.asyncDispose]() {
      setDefaultCACertificates(trusted);
      for (const socket of sockets) socket.destroy();
      await proxy[Symbol.asyncDispose]();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The topic that all messages are of. */
export const fieldsOfTopic = { TopicArn: 'arn:aws:sns:eu-west-1:123456789012:alarms' };

/** Signed as docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html says: names and values in the order of the alphabet. */
function messageOf(fields: Readonly<Record<string, string>>, key: string) {
  const all: Record<string, string> = { ...fieldsOfTopic, ...fields };
  const content = Object.keys(all)
    .sort()
    .map((name) => `${name}\n${all[name]}\n`);
  const Signature = sign('sha256', Buffer.from(content.join('')), createPrivateKey(key)).toString('base64');
  const body = JSON.stringify({ ...all, SignatureVersion: '2', Signature, SigningCertURL: `https://${host}${certificatePath}` });
  return { body, headers: { 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': all['Type'] ?? '' } };
}
