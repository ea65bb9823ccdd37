import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { listId, task, taskPage } from '../tasks-schemas.ts';

/** Reads page by page, up to the bound of `http.pages`. */
export const listTasks = defineAction({
  title: 'List tasks',
  description: 'Lists the tasks of a list.',
  idempotency: 'read',
  paginated: true,
  scopes: [{ scope: 'tasks:read', reason: 'To read the tasks.' }],
  resources: { list: [{ fields: ['list'] }] },
  options: { list: 'lists' },
  input: z.strictObject({ list: listId }),
  output: z.object({ tasks: z.array(task) }),
  async run({ input: { list }, http }) {
    const pages = http.pages(path`/lists/${list}/tasks`, {
      response: taskPage,
      items: ({ tasks }) => tasks,
      next: ({ next }) => (next === null ? undefined : { page: next }),
    });
    const tasks: z.output<typeof task>[] = [];
    for await (const each of pages) tasks.push(each);
    return { tasks };
  },
});
