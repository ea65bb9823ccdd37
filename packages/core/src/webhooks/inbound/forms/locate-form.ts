import { hubScope } from '../../../contracts/configuration-store.ts';
import type { StateStore } from '../../../contracts/state-store.ts';
import { isJsonObject } from '../../../json/is-json-object.ts';

/** Where it stands whose form it is: written with the first link to it. */
export const formStateName = (form: string): string => `form:${form}`;

/** The tenant of a form; `null` where nobody has made a link to it. */
export async function locateForm(states: Pick<StateStore, 'read'>, form: string): Promise<string | null> {
  const value = (await states.read(hubScope, formStateName(form)))?.value;
  return isJsonObject(value) && typeof value['tenant'] === 'string' ? value['tenant'] : null;
}
