import { once } from 'node:events';
import { createServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock } from './__fixtures__/manual-clock.ts';
import { selfSignedCertificate } from './__fixtures__/self-signed-certificate.ts';
import { createNetwork, type Network } from './create-network.ts';

const host = 'api.vendor.corp';
const server = selfSignedCertificate({ names: [host], addresses: [] });
const client = selfSignedCertificate({ names: ['acme'], addresses: [] });
const other = selfSignedCertificate({ names: ['other'], addresses: [] });
const identityOf = ({ cert, key }: typeof client) => ({ certificate: cert, privateKey: key });

let network: Network;
let port: number;
let close: () => Promise<void>;

beforeEach(async () => {
  const service = createServer(
    { ...server, requestCert: true, ca: [client.cert, other.cert], rejectUnauthorized: false },
    (incoming, answer) => {
      // The types of Node's https say less than its documentation: the socket is one of TLS.
      const socket = incoming.socket as TLSSocket;
      answer.end(socket.authorized ? String(socket.getPeerCertificate().subject.CN) : 'nobody');
    },
  );
  service.listen(0, '127.0.0.1');
  await once(service, 'listening');
  const address = service.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
  network = createNetwork({
    clock: createManualClock(),
    dangerouslyAllowPrivateNetworks: true,
    lookup: async () => [{ address: '127.0.0.1' }],
    extraAuthorities: [server.cert],
  });
  close = async () => {
    await network.close();
    service.closeAllConnections();
    await new Promise((resolve) => service.close(resolve));
  };
});
afterEach(() => close());

async function nameSeen(identity?: { readonly certificate: string; readonly privateKey: string }): Promise<string> {
  const request = { origin: `https://${host}:${port}`, path: '/', method: 'GET', headers: [], maxResponseBytes: 1_000 };
  const { body } = await network.request({ ...request, identity });
  return Buffer.from(body).toString();
}

describe('a request with a client certificate', () => {
  it('shows it, and a request without one shows none over a connection of its own', async () => {
    expect(await nameSeen(identityOf(client))).toBe('acme');
    expect(await nameSeen()).toBe('nobody');
    expect(await nameSeen(identityOf(client))).toBe('acme');
  });

  it('goes over no connection of another client', async () => {
    expect(await nameSeen(identityOf(client))).toBe('acme');
    expect(await nameSeen(identityOf(other))).toBe('other');
    expect(await Promise.all([client, other, client, other].map((each) => nameSeen(identityOf(each))))).toEqual([
      'acme',
      'other',
      'acme',
      'other',
    ]);
  });

  it.each([
    ['the key of another', { certificate: client.cert, privateKey: other.key }],
    ['no certificate', { certificate: 'x', privateKey: client.key }],
  ])('is not sent with %s', async (_what, identity) => {
    const error: unknown = await nameSeen(identity).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'network', sent: 'no' });
    expect(String(error)).not.toContain('PRIVATE KEY');
  });

  it('is refused over plain http', async () => {
    const request = { origin: `http://${host}:${port}`, path: '/', method: 'GET', headers: [], maxResponseBytes: 1_000 };
    await expect(network.request({ ...request, identity: identityOf(client) })).rejects.toMatchObject({
      code: 'invalid_argument',
      sent: 'no',
    });
  });
});
