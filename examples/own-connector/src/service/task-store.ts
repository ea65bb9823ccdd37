/** A task as the service keeps it. */
export interface KeptTask {
  readonly id: string;
  readonly list: string;
  readonly title: string;
  readonly done: boolean;
  /** What whoever made it calls it. */
  readonly reference: string | null;
}

/** One page of something; `next` names the page after it. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

const pageSize = 5;

/** Lists and tasks, in memory. */
export function createTaskStore() {
  const lists = ['home', 'work'].map((id) => ({ id, name: `${id.charAt(0).toUpperCase()}${id.slice(1)}` }));
  const tasks: KeptTask[] = [];
  return {
    lists,
    has: (list: string): boolean => lists.some(({ id }) => id === list),
    add(list: string, title: string, reference: string | null): KeptTask {
      const task = { id: `t${tasks.length + 1}`, list, title, done: false, reference };
      tasks.push(task);
      return task;
    },
    complete(id: string): KeptTask {
      const index = tasks.findIndex((task) => task.id === id);
      const found = tasks[index];
      if (found === undefined) throw new Error(`There is no task ${id}.`);
      const task = { ...found, done: true };
      tasks[index] = task;
      return task;
    },
    find: (list: string, reference: string | null): readonly KeptTask[] =>
      tasks.filter((task) => task.list === list && (reference === null || task.reference === reference)),
    page<Item>(items: readonly Item[], page: string | null): Page<Item> {
      const from = Number(page ?? 0);
      const to = from + pageSize;
      return { items: items.slice(from, to), next: to < items.length ? String(to) : null };
    },
  };
}
