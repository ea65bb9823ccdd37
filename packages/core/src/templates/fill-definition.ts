import { longestDefinition } from '../automation/read-definition.ts';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { Json, JsonObject } from '../json/json.ts';
import { fillExpression, type ParameterValues, parametersOf, type TakeParameter } from './fill-expression.ts';
import { fillText, parametersOfText } from './fill-text.ts';
import { invalidTemplate } from './template-fault.ts';

/** How texts are read at a place of a definition: as templates, or as they stand, but for formulas under `cel`. */
interface Place {
  readonly path: string;
  readonly mode: 'templates' | 'input' | 'data';
}

const root: Place = { path: 'automation', mode: 'templates' };

/** Members below which a definition holds data and no templates. */
const ofData: ReadonlySet<string> = new Set(['when', 'where', 'trigger', 'description']);

function below({ path, mode }: Place, name: string | number): Place {
  const inside = typeof name === 'number' ? `${path}[${name}]` : `${path}.${name}`;
  if (mode === 'input' || typeof name === 'number') return { path: inside, mode };
  if (name === 'input') return { path: inside, mode: 'input' };
  return { path: inside, mode: ofData.has(name) ? 'data' : mode };
}

/**
 * A definition with the values of its parameters in it. Throws `automation_invalid` with the place of a formula that is none, and where the values are
 * more than a definition may be: each may stand in it thousands of times.
 */
export function fillDefinition(definition: JsonObject, values: ParameterValues): JsonObject {
  const counted = takeWithin(values, longestDefinition);
  const filled = mapTexts(definition, root, (text, place) => fillAt(text, place, counted));
  return isJsonObject(filled) ? filled : {};
}

function takeWithin(values: ParameterValues, most: number): TakeParameter {
  let left = most;
  return {
    get(name) {
      const value = values.get(name);
      left -= typeof value === 'string' ? value.length : (JSON.stringify(value)?.length ?? 0);
      if (left >= 0) return value;
      throw new PatchbayError({
        code: 'automation_invalid',
        message: `What its parameters put into it is longer than ${most} characters together. Read what is large from the event.`,
      });
    },
  };
}

/** Every parameter that a definition reads, with its first place. */
export function parametersRead(definition: JsonObject): ReadonlyMap<string, string> {
  const read = new Map<string, string>();
  mapTexts(definition, root, (text, place) => {
    for (const name of isFormula(place) ? parametersOf(text) : parametersOfText(text)) if (!read.has(name)) read.set(name, place.path);
    return text;
  });
  return read;
}

const isFormula = ({ path, mode }: Place): boolean => mode === 'data' && path.endsWith('.cel');

function fillAt(text: string, place: Place, values: TakeParameter): Json {
  return isFormula(place) ? fillExpression(text, values) : fillText(text, values, place.mode !== 'data');
}

function mapTexts(value: Json, place: Place, change: (text: string, place: Place) => Json): Json {
  if (typeof value === 'string') {
    try {
      return change(value, place);
    } catch (cause) {
      if (!isPatchbayError(cause)) throw cause;
      throw invalidTemplate(place.path, cause.message, cause);
    }
  }
  if (Array.isArray(value)) return value.map((item: Json, index) => mapTexts(item, below(place, index), change));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, mapTexts(member, below(place, name), change)]));
}
