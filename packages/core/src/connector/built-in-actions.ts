import { PatchbayError } from '../errors/patchbay-error.ts';
import type { BuiltInAction } from './built-in-action.ts';

/** The built-in actions that this hub has: those that its host has configured. */
export interface BuiltInActions {
  /** Throws `conflict` for a name that is there. */
  add(action: BuiltInAction): void;
  find(name: string): BuiltInAction | undefined;
  /** Throws `unknown_action`, saying what to configure. */
  get(name: string): BuiltInAction;
  /** In the order in which they were added. */
  list(): readonly BuiltInAction[];
}

/** What each one that may be missing needs. */
const needs: ReadonlyMap<string, string> = new Map([
  ['email.send', 'Give createHub({ email: { transport, from } })'],
  ['notify.user', 'Give createHub({ notifyUser }), a function that tells a person'],
  ['script.run', 'Install @patchbay/script-quickjs and give createHub({ scripts: quickjsScripts() })'],
]);

/** Makes an empty one. */
export function createBuiltInActions(): BuiltInActions {
  const actions = new Map<string, BuiltInAction>();
  return {
    add(action) {
      if (actions.has(action.name))
        throw new PatchbayError({ code: 'conflict', message: `There is a built-in action ${action.name} already. Give it another name.` });
      actions.set(action.name, action);
    },
    find: (name) => actions.get(name),
    get(name) {
      const action = actions.get(name);
      if (action) return action;
      throw new PatchbayError({ code: 'unknown_action', message: adviceOf(name, [...actions.keys()]) });
    },
    list: () => [...actions.values()],
  };
}

function adviceOf(name: string, there: readonly string[]): string {
  const shown = name.slice(0, 200);
  const need = needs.get(name);
  if (need !== undefined) return `The action ${shown} is not configured in this hub. ${need}.`;
  const namespace = shown.split('.', 1)[0] ?? '';
  const others = there.filter((each) => each.startsWith(`${namespace}.`)).join(', ') || 'none';
  const hint =
    namespace === 'host' ? ' Define it in createHub({ functions }).' : namespace === 'record' ? ' Give createHub({ records }).' : '';
  return `There is no action ${shown}. Of ${namespace} there are: ${others}.${hint}`;
}
