import { expect, it } from 'vitest';
import { findSocketFaults } from './sockets.ts';
import { fixtureTree } from './source-tree.ts';

const faultsOf = (path: string, text: string) => findSocketFaults(fixtureTree({ [path]: text }));

it.each(['node:net', 'node:tls', 'node:http', 'node:https', 'node:http2', 'node:dgram', 'node:dns/promises', 'net'])(
  'lets only net import %s',
  (name) => {
    const text = `import { connect } from '${name}';`;
    expect(faultsOf('packages/core/src/gateway/request.ts', text)).toEqual([
      `packages/core/src/gateway/request.ts: only net opens sockets (${name})`,
    ]);
    expect(faultsOf('packages/connector-jira/src/jira.ts', text)).toHaveLength(1);
    expect(faultsOf('packages/core/src/net/connect.ts', text)).toEqual([]);
  },
);

it('lets a bridge name the types of node:http', () => {
  expect(faultsOf('packages/core/src/http/node-handler.ts', "import type { IncomingMessage } from 'node:http';")).toEqual([]);
});

it.each([
  ['undici', 'packages/core/src/net/request.ts', 'packages/core/src/gateway/request.ts'],
  ['@opentelemetry/api', 'packages/core/src/telemetry/create-tracing.ts', 'packages/core/src/dispatch/observe-attempt.ts'],
  ['eventemitter3', 'packages/core/src/hub.ts', 'packages/core/src/notices/notices.ts'],
  ['oauth4webapi', 'packages/core/src/oauth/begin.ts', 'packages/core/src/connections/begin.ts'],
])('gives %s one home', (name, home, elsewhere) => {
  const text = `import type { A } from '${name}';`;
  expect(faultsOf(home, text)).toEqual([]);
  expect(faultsOf(elsewhere, text)).toEqual([`${elsewhere}: ${name} has another home`]);
});

it('leaves fake providers and tests their servers', () => {
  const text = "import { createServer } from 'node:http';";
  for (const path of ['packages/testing/src/fake-provider.ts', 'packages/core/src/http/serve.test.ts'])
    expect(faultsOf(path, text)).toEqual([]);
});
