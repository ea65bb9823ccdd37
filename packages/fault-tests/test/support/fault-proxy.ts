import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { SeededRandom } from '../../../core-tests/test/simulation/seeded-random.ts';
import { answerEnds } from './answer-ends.ts';

/**
 * What a network does to one statement. `commit unknown`: the server has carried it out, and the connection is reset before its answer.
 * `never sent`: reset before it reaches the server. `half open`: it is sent, and from then on nothing passes, in either direction, with no
 * end said. `late`: each packet up to half a second late, for a while. `byte by byte`: the answer comes so. `a byte a second`: so slowly
 * that it would take minutes.
 */
export type NetworkFault = 'commit unknown' | 'never sent' | 'half open' | 'late' | 'byte by byte' | 'a byte a second';

/** A proxy in front of a database. */
export interface FaultProxy {
  /** The database's address, by way of the proxy. */
  readonly url: string;
  /** Lets the fault strike the next statement whose name holds the text. Resolves when it has begun to. */
  strike(fault: NetworkFault, statement: string): Promise<void>;
  close(): Promise<void>;
}

interface Armed {
  readonly fault: NetworkFault;
  readonly statement: string;
  readonly struck: () => void;
}

/** One connection through the proxy, and what is being done to it. */
interface Passage {
  readonly near: Socket;
  readonly far: Socket;
  fault: NetworkFault | undefined;
  /** Packets that are still to be late. */
  late: number;
  /** Resolves when what came before has been passed on. */
  before: Promise<void>;
  readonly isAnswered: (chunk: Buffer) => boolean;
}

function cut({ near, far }: Passage): void {
  near.resetAndDestroy();
  far.destroy();
}

async function dribble(to: Socket, chunk: Buffer, pauseMs: number): Promise<void> {
  for (const byte of chunk) {
    if (to.destroyed) return;
    to.write(Buffer.of(byte));
    await pause(pauseMs);
  }
}

/** Starts a proxy on a port of the machine's choice. */
export async function startFaultProxy(database: string, random: SeededRandom): Promise<FaultProxy> {
  const target = new URL(database);
  const passages = new Set<Passage>();
  let armed: Armed | undefined;

  const onQuestion = (passage: Passage, chunk: Buffer): void => {
    if (armed !== undefined && passage.fault === undefined && chunk.includes(armed.statement)) {
      passage.fault = armed.fault;
      if (armed.fault === 'late') passage.late = 6;
      armed.struck();
      armed = undefined;
      if (passage.fault === 'never sent') cut(passage);
      else void passage.far.write(chunk);
      return;
    }
    if (passage.fault !== 'half open') passage.far.write(chunk);
  };

  const passOn = async (passage: Passage, chunk: Buffer): Promise<void> => {
    const { near, fault } = passage;
    const isAnswered = passage.isAnswered(chunk);
    if (fault === 'half open') return;
    if (fault === 'commit unknown') {
      if (isAnswered) cut(passage);
      return;
    }
    if (fault === 'byte by byte' || fault === 'a byte a second') {
      await dribble(near, chunk, fault === 'byte by byte' ? 1 : 1_000);
    } else {
      if (fault === 'late') await pause(random.between(0, 500));
      if (!near.destroyed) near.write(chunk);
    }
    if (fault === 'late' && passage.late > 1) passage.late -= 1;
    else passage.fault = undefined;
  };

  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    const passage: Passage = { near, far, fault: undefined, late: 0, before: Promise.resolve(), isAnswered: answerEnds() };
    passages.add(passage);
    near.on('data', (chunk) => onQuestion(passage, chunk));
    far.on('data', (chunk) => {
      passage.before = passage.before.then(() => passOn(passage, chunk));
    });
    const end = (): void => {
      passages.delete(passage);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) socket.on('error', end).on('close', end);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = new URL(database);
  url.port = String(typeof address === 'object' ? address?.port : 0);
  return {
    url: url.href,
    strike: (fault, statement) =>
      new Promise((resolve) => {
        armed = { fault, statement, struck: resolve };
      }),
    async close() {
      for (const passage of passages) cut(passage);
      server.close();
      await once(server, 'close');
    },
  };
}
