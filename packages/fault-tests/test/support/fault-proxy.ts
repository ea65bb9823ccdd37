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
  readonly random: SeededRandom;
}

/** Packets that one fault makes late. */
const latePackets = 6;

function cut({ near, far }: Passage): void {
  near.resetAndDestroy();
  far.destroy();
}

async function dribble({ near, fault }: Passage, chunk: Buffer): Promise<void> {
  const pauseMs = fault === 'byte by byte' ? 1 : 1_000;
  for (const byte of chunk) {
    if (near.destroyed) return;
    near.write(Buffer.of(byte));
    await pause(pauseMs);
  }
}

/** Passes a packet of the server on, as far as the fault lets it. */
async function passOn(passage: Passage, chunk: Buffer): Promise<void> {
  const { near, fault, random } = passage;
  const isAnswered = passage.isAnswered(chunk);
  if (fault === 'half open') return;
  if (fault === 'commit unknown') {
    if (isAnswered) cut(passage);
    return;
  }
  if (fault === 'byte by byte' || fault === 'a byte a second') {
    await dribble(passage, chunk);
  } else {
    if (fault === 'late') await pause(random.between(0, 500));
    if (!near.destroyed) near.write(chunk);
  }
  if (fault === 'late' && passage.late > 1) passage.late -= 1;
  else passage.fault = undefined;
}

/** Begins the passage's fault with this packet of the client. */
function strike(passage: Passage, chunk: Buffer): void {
  const { fault } = passage;
  if (fault === 'late') passage.late = latePackets;
  if (fault === 'never sent') cut(passage);
  else passage.far.write(chunk);
}

/** What is joined. */
interface Ends {
  readonly near: Socket;
  readonly far: Socket;
  /** Sees each packet of the client. */
  readonly onQuestion: (passage: Passage, chunk: Buffer) => void;
  readonly random: SeededRandom;
}

/** Joins a client to the server. */
function join({ near, far, onQuestion, random }: Ends): Passage {
  const passage: Passage = { near, far, fault: undefined, late: 0, before: Promise.resolve(), isAnswered: answerEnds(), random };
  near.on('data', (chunk) => onQuestion(passage, chunk));
  far.on('data', (chunk) => {
    passage.before = passage.before.then(() => passOn(passage, chunk));
  });
  const end = (): void => {
    near.destroy();
    far.destroy();
  };
  for (const socket of [near, far]) socket.on('error', end).on('close', end);
  return passage;
}

/** Starts a proxy on a port of the machine's choice. */
export async function startFaultProxy(database: string, random: SeededRandom): Promise<FaultProxy> {
  const url = new URL(database);
  const [port, host] = [Number(url.port), url.hostname];
  const passages = new Set<Passage>();
  let armed: Armed | undefined;
  const onQuestion = (passage: Passage, chunk: Buffer): void => {
    if (armed !== undefined && passage.fault === undefined && chunk.includes(armed.statement)) {
      const { fault, struck } = armed;
      armed = undefined;
      passage.fault = fault;
      strike(passage, chunk);
      struck();
    } else if (passage.fault !== 'half open') passage.far.write(chunk);
  };
  const server = createServer((near) => {
    const passage = join({ near, far: connect(port, host), onQuestion, random });
    passages.add(passage);
    near.once('close', () => passages.delete(passage));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
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
