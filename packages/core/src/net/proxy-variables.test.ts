import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startConnectProxy } from './__fixtures__/connect-proxy.ts';
import { startHttpService } from './__fixtures__/loopback-service.ts';

/** A process of a host: one request through the network, and one by Node's own fetch, to show that the variables are heard by others. */
const program = (origin: string): string => `
  import { createNetwork } from ${JSON.stringify(new URL('create-network.ts', import.meta.url).href)};
  import { systemClock } from ${JSON.stringify(new URL('../clock/system-clock.ts', import.meta.url).href)};
  const origin = ${JSON.stringify(origin)};
  const network = createNetwork({ clock: systemClock, loopbackOnly: true });
  const socket = await network.connect({ host: '127.0.0.1', port: Number(new URL(origin).port) });
  socket.destroy();
  const { body } = await network.request({ origin, path: '/ours', method: 'GET', headers: [], maxResponseBytes: 99 });
  await network.close();
  const others = await fetch(origin + '/others').then((answer) => answer.status, () => 'failed');
  console.log(JSON.stringify([new TextDecoder().decode(body), others]));
`;

it.each([
  ['for all, with no exceptions', { NO_PROXY: '', no_proxy: '' }],
  ['and exceptions', { NO_PROXY: 'example.org,.example.net', no_proxy: 'example.org' }],
])('variables that name a proxy change nothing: %s', async (_name, exceptions) => {
  const paths: unknown[] = [];
  await using service = await startHttpService((incoming, answer) => {
    paths.push(incoming.url);
    answer.end('from the service');
  });
  await using proxy = await startConnectProxy(service);
  const address = `http://127.0.0.1:${proxy.port}`;
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'FTP_PROXY', 'SOCKS_PROXY', 'npm_config_proxy', 'GLOBAL_AGENT_HTTP_PROXY'];
  const proxies = Object.fromEntries(names.flatMap((name) => [name, name.toLowerCase()].map((spelling) => [spelling, address])));
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program(service.origin)], {
    env: { PATH: process.env['PATH'], ...proxies, ...exceptions, NODE_USE_ENV_PROXY: '1' },
  });
  const [ours, others]: unknown[] = JSON.parse(stdout);
  expect([ours, paths.includes('/ours')]).toEqual(['from the service', true]);
  // One of the two asked the proxy, and it was Node's own fetch.
  expect([others, proxy.asked.map(({ line }) => line)]).toEqual([200, [expect.stringContaining(new URL(service.origin).host)]]);
});
