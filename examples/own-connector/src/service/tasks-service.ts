import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { createLimit } from './create-limit.ts';
import { sendWebhook, type WebhookTarget } from './send-webhook.ts';
import { createTaskStore, type KeptTask } from './task-store.ts';

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const fault = (status: number, code: string, message: string, more: object = {}): Answer => ({
  status,
  body: { error: { code, message, ...more } },
});

/** The service: lists and tasks behind a token, on a free port of this machine. */
export async function startTasksService() {
  const token = randomBytes(20).toString('hex');
  const store = createTaskStore();
  const limit = createLimit(() => performance.now());
  const moods = { answersToLose: 0, lockedLists: new Set<string>() };
  const shown = ({ reference: _, ...task }: KeptTask) => task;

  async function answer(message: IncomingMessage): Promise<Answer> {
    const { pathname, searchParams } = new URL(message.url ?? '/', 'http://tasks');
    if (message.headers.authorization !== `Bearer ${token}`) return fault(401, 'unauthorized', 'The token is not known.');
    if (pathname === '/me') return { status: 200, body: { id: 'a1', name: 'Ada' } };
    if (pathname === '/lists') {
      const { items, next } = store.page(store.lists, searchParams.get('page'));
      return { status: 200, body: { lists: items, next } };
    }
    const list = /^\/lists\/([^/]+)\/tasks$/.exec(pathname)?.[1] ?? '';
    if (!store.has(list)) return fault(404, 'not_found', 'There is no such list.');
    if (message.method === 'GET') {
      const { items, next } = store.page(store.find(list, searchParams.get('reference')), searchParams.get('page'));
      return { status: 200, body: { tasks: items.map(shown), next } };
    }
    if (moods.lockedLists.delete(list)) return fault(422, 'list_locked', 'The list is being sorted.', { retry_after_ms: 100 });
    const { title, reference = null } = Object(await json(message));
    return { status: 201, body: shown(store.add(list, String(title), reference)) };
  }

  const server = createServer(async (message, response) => {
    const { headers, refused } = limit();
    const { status, body } = refused ? fault(429, 'too_many', 'Ten requests in a second.') : await answer(message);
    if (status === 201 && moods.answersToLose > 0) {
      moods.answersToLose -= 1;
      message.socket.destroy();
      return;
    }
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    token,
    tasksOf: (list: string): readonly KeptTask[] => store.find(list, null),
    /** The next task is made, and its maker does not hear of it. */
    loseNextAnswer(): void {
      moods.answersToLose += 1;
    },
    /** The next task for a list is refused, because somebody sorts the list. */
    lockOnce(list: string): void {
      moods.lockedLists.add(list);
    },
    /** A person ticks a task off. */
    complete: (id: string): KeptTask => store.complete(id),
    /** Tells of a task that is done, and answers the status that came back. */
    tell: (target: WebhookTarget, task: KeptTask): Promise<number> => sendWebhook(target, task),
    close: () => new Promise<void>((resolve) => void server.close(() => resolve()).closeAllConnections()),
  };
}
