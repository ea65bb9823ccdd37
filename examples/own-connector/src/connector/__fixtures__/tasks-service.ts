import { type FakeProvider, type ProviderHandler, startFakeProvider } from '@patchbay/testing';
import { z } from 'zod';
import { startLogin } from './tasks-login.ts';

const sent = z.object({ title: z.string(), reference: z.string().optional() });

type KeptTask = {
  readonly id: string;
  readonly list: string;
  readonly title: string;
  readonly done: boolean;
  readonly reference: string | null;
};

/** A stand-in of Tasks, as far as the connector uses it. */
export interface TasksService extends FakeProvider {
  tasks(): readonly KeptTask[];
  /** A task of somebody else. */
  add(list: string, title: string): KeptTask;
  /** Every token that it gave. */
  tokens(): readonly string[];
}

const lists = [
  { id: 'home', name: 'Home' },
  { id: 'work', name: 'Work' },
];

/** Starts the stand-in. What it does, the service's documentation says. */
export async function startTasks(): Promise<TasksService> {
  const tasks: KeptTask[] = [];
  const login = startLogin();
  const add = (list: string, title: string, reference: string | null = null): KeptTask => {
    const task = { id: `t${tasks.length + 1}`, list, title, done: false, reference };
    tasks.push(task);
    return task;
  };
  const shown = ({ reference: _reference, ...task }: KeptTask) => task;
  const guarded =
    (handler: ProviderHandler): ProviderHandler =>
    (request) =>
      login.isLetIn(request) ? handler(request) : { status: 401, json: { error: { code: 'unauthorized', message: 'Who are you?' } } };
  const provider = await startFakeProvider({
    idempotencyKeyOf: ({ json }) => sent.safeParse(json).data?.reference,
    routes: {
      ...login.routes,
      'GET /me': guarded(() => ({ json: { id: 'a1', name: 'An account' } })),
      'GET /lists': guarded(() => ({ json: { lists, next: null } })),
      'POST /lists/:list/tasks': guarded(({ parameters: { list = '' }, json }) => {
        const { title, reference = null } = sent.parse(json);
        return { status: 201, json: shown(add(list, title, reference)), effect: true };
      }),
      'GET /lists/:list/tasks': guarded(({ parameters, query }) => {
        const reference = query.get('reference');
        const found = tasks.filter((task) => task.list === parameters['list'] && (reference === null || task.reference === reference));
        return { json: { tasks: found.map(shown), next: null } };
      }),
    },
  });
  return { ...provider, tasks: () => tasks, add, tokens: () => login.tokens() };
}
