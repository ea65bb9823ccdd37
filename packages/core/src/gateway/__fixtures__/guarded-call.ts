import { sampleConnector } from '../../connector/__fixtures__/sample-connector.ts';
import { connectionRecord } from '../../contracts/__fixtures__/connection-record.ts';
import type { CallEnding, GuardedCall } from '../call-guard.ts';

/** A request that is about to go, with what a test says of it. */
export function guardedCall(said: Partial<GuardedCall> = {}): GuardedCall {
  return {
    tenant: 'acme',
    connection: {
      id: 'c1',
      name: 'sample/main',
      version: 1,
      updatedAt: 0,
      value: connectionRecord(),
    },
    definition: sampleConnector().definition,
    origin: 'https://api.example.com',
    method: 'GET',
    template: '/things/{}',
    author: 'connector',
    operation: 'list_things',
    signal: new AbortController().signal,
    startedAt: 0,
    endsAt: 1_000,
    maximumWaitMs: 1_000,
    ...said,
  };
}

/** An answer of 200, with what a test says of it. */
export function callEnding(said: Partial<CallEnding> = {}): CallEnding {
  return { sent: true, status: 200, headers: {}, fault: null, durationMs: 5, requestBytes: 0, responseBytes: 2, ...said };
}
