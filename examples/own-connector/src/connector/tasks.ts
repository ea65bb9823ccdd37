import { defineConnector, path } from '@patchbay/core';
import { createTask } from './actions/create-task.ts';
import { listTasks } from './actions/list-tasks.ts';
import { lists } from './options/lists.ts';
import { tasksAuth } from './tasks-auth.ts';
import { tasksError } from './tasks-error.ts';
import { tasksResources } from './tasks-resources.ts';
import { account } from './tasks-schemas.ts';
import { taskCompleted } from './triggers/task-completed.ts';
import { tasksWebhook } from './webhook.ts';

/** Where Tasks is. */
export interface TasksOptions {
  /** @default 'https://api.tasks.example' */
  readonly origin?: string;
}

/** The connector of Tasks. */
export const tasks = ({ origin = 'https://api.tasks.example' }: TasksOptions = {}) =>
  defineConnector({
    id: 'tasks',
    name: 'Tasks',
    description: 'Lists of tasks, and what is ticked off.',
    docsUrl: 'https://api.tasks.example/docs',
    version: '1.0.0',
    category: 'project-management',
    auth: tasksAuth(origin),
    origin,
    resources: tasksResources,
    requestIdHeader: 'x-request-id',
    options: { lists },
    actions: { create_task: createTask, list_tasks: listTasks },
    triggers: { 'task.completed': taskCompleted },
    webhook: tasksWebhook,
    mapError: tasksError,
    async healthCheck({ http }) {
      return { healthy: true, account: await http.get(path`/me`, { response: account }) };
    },
  });
