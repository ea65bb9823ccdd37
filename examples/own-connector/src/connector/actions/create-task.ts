import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { listId, task, taskPage } from '../tasks-schemas.ts';

/** Adds a task. It carries the hub's key as its reference, by which it is found where the answer was lost. */
export const createTask = defineAction({
  title: 'Create task',
  description: 'Adds a task to a list.',
  idempotency: 'reconcilable',
  settlesWithin: 10_000,
  scopes: [{ scope: 'tasks:write', reason: 'To add the task.' }],
  resources: { list: [{ fields: ['list'] }] },
  options: { list: 'lists' },
  input: z.strictObject({ list: listId, title: z.string().min(1).max(200) }),
  output: task,
  async run({ input: { list, title }, http, key }) {
    return await http.post(path`/lists/${list}/tasks`, { json: { title, reference: key.value }, response: task });
  },
  async reconcile({ input: { list }, http, key }) {
    const { tasks } = await http.get(path`/lists/${list}/tasks`, { query: { reference: key.value }, response: taskPage });
    const [found] = tasks;
    return found ? { answer: 'found', output: found } : { answer: 'absent' };
  },
});
