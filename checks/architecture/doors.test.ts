import { describe, expect, it } from 'vitest';
import { findDoorFaults } from './doors.ts';
import { fixtureTree } from './source-tree.ts';

const faultsOf = (path: string, text: string) => findDoorFaults(fixtureTree({ [path]: text }));
const elsewhere = ['packages/core/src/gateway/request.ts', 'packages/connector-jira/src/actions/create-issue.ts'];

describe('a way around net', () => {
  it.each([
    ["import axios from 'axios';", 'axios'],
    ["import WebSocket from 'ws';", 'ws'],
    ["import { spawn } from 'node:child_process';", 'node:child_process'],
    ["import { createRequire } from 'node:module';", 'node:module'],
    ["import { Worker } from 'node:worker_threads';", 'node:worker_threads'],
    ["import vm from 'vm';", 'vm'],
    ["export { request } from 'undici';", 'undici'],
    ["const { connect } = await import('node:net');", 'node:net'],
    ['const { connect } = await import(`node:net`);', 'import()'],
    ["const { connect } = await import('node' + ':net');", 'import()'],
    ['const load = (name: string) => import(name);', 'import()'],
    ["await fetch('https://a.example');", 'fetch'],
    ['const get = fetch;', 'fetch'],
    ["new WebSocket('wss://a.example');", 'WebSocket'],
    ["new EventSource('https://a.example');", 'EventSource'],
    ['await globalThis.fetch(url);', 'globalThis'],
    ["await globalThis['fet' + 'ch'](url);", 'globalThis'],
    ['const { fetch: get } = globalThis;', 'globalThis'],
    ['Reflect.get(global, name);', 'global'],
    ["const net = process.binding('tcp_wrap');", 'process.binding'],
    ["const net = process.getBuiltinModule('node:net');", 'process.getBuiltinModule'],
    ["const net = process['getBuiltinModule']('node:net');", 'process.getBuiltinModule'],
    ['const net = process[name];', 'process[]'],
    ['const { getBuiltinModule } = process;', 'process'],
    ["const net = require('node:net');", 'require'],
    ["eval('1');", 'eval'],
    ["new Function('return fetch')();", 'Function'],
  ])('is found in %s', (source, door) => {
    for (const path of elsewhere) expect(faultsOf(path, source)).toContain(`${path}: ${door} is a way around net`);
    expect(faultsOf('packages/core/src/net/connect.ts', source)).toEqual([]);
  });

  it.each([
    "import { createHmac } from 'node:crypto';",
    "import { z } from 'zod';",
    "import type { Socket } from 'node:net';",
    "const { path } = await import('./path.ts');",
    'export const send = (fetch: Fetch) => fetch(path);',
    'interface World { readonly fetch: typeof globalThis.fetch; readonly module: string }',
    'world.fetch(path); world.require(); ({ fetch: send, eval: 1 });',
    'function require(holds: boolean): void {} require(true);',
    'process.memoryUsage();',
    'type Loader = typeof import("node:net");',
  ])('is not seen in %s', (source) => {
    for (const path of elsewhere) expect(faultsOf(path, source)).toEqual([]);
  });

  it('is left to the fake providers, the storages and the tests', () => {
    for (const path of [
      'packages/testing/src/fake.ts',
      'packages/storage-sqlite/src/start-worker.ts',
      'packages/core/src/http/serve.test.ts',
    ])
      expect(faultsOf(path, "import { Worker } from 'node:worker_threads'; await fetch('/');")).toEqual([]);
  });
});
