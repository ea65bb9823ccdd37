import valid from 'semver/functions/valid.js';
import validRange from 'semver/ranges/valid.js';
import { parseAutomation } from '../automation/parse-automation.ts';
import { longestDefinition } from '../automation/read-definition.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { plainWords } from '../errors/plain-words.ts';
import { eventData } from '../events/event-data.ts';
import type { AutomationTemplate } from './automation-template.ts';
import { faultOfValue, sampleOf } from './check-parameters.ts';
import { connectionUses } from './connection-slots.ts';
import { fillDefinition, parametersRead } from './fill-definition.ts';
import { invalidTemplate } from './template-fault.ts';
import { templateShape } from './template-shape.ts';

/**
 * Reads a template that nobody has checked and answers a copy: its shape, that it declares what it reads and reads what it declares, and that its automation is one
 * once it is filled in, which is tried with values that the parameters could have. Throws `automation_invalid` naming the place and the fault.
 */
export function readTemplate(value: unknown): AutomationTemplate {
  const template = shapeOf(value);
  // Its texts are parsed several times below.
  if (JSON.stringify(template.automation).length > longestDefinition)
    throw invalidTemplate('automation', `as JSON it is longer than ${longestDefinition} characters`);
  checkVersions(template);
  checkParameters(template);
  checkConnections(template);
  tryOut(template);
  return template;
}

function shapeOf(value: unknown): AutomationTemplate {
  const plain = copyOf(value);
  const parsed = templateShape.safeParse(plain);
  if (parsed.success) return plain as AutomationTemplate;
  const [issue] = parsed.error.issues;
  throw invalidTemplate((issue?.path ?? []).map(String).join('.'), plainWords(issue?.message ?? 'is not a template'));
}

/** Plain JSON of its own. */
function copyOf(value: unknown): unknown {
  try {
    return eventData(value, 'The template').data;
  } catch (cause) {
    throw invalidTemplate('', isPatchbayError(cause) ? cause.message : 'it is not JSON', cause);
  }
}

function checkVersions({ version, connectors = {} }: AutomationTemplate): void {
  if (valid(version) === null) throw invalidTemplate('version', 'it must be a semantic version, such as 1.0.0');
  for (const [id, range] of Object.entries(connectors))
    if (validRange(range) === null) throw invalidTemplate(`connectors.${id}`, 'it must be a range of semantic versions, such as ^1.2.0');
}

function checkParameters({ parameters = {}, automation }: AutomationTemplate): void {
  for (const [name, parameter] of Object.entries(parameters)) {
    const fault = parameter.default === undefined ? undefined : faultOfValue(parameter, parameter.default);
    if (fault !== undefined) throw invalidTemplate(`parameters.${name}.default`, fault);
  }
  const read = parametersRead(automation);
  for (const [name, place] of read)
    if (!Object.hasOwn(parameters, name))
      throw invalidTemplate(place, `it reads params.${name.slice(0, 64)}, which is not declared in parameters`);
  for (const name of Object.keys(parameters))
    if (!read.has(name)) throw invalidTemplate(`parameters.${name}`, 'the automation does not read it');
}

function checkConnections({ connections = {}, connectors = {}, automation }: AutomationTemplate): void {
  const uses = connectionUses(automation);
  for (const { connection, connector, place } of uses) {
    const slot = Object.hasOwn(connections, connection) ? connections[connection] : undefined;
    if (slot === undefined) throw invalidTemplate(place, `${connection.slice(0, 64)} is not declared in connections`);
    if (slot.connector !== connector)
      throw invalidTemplate(place, `${connection} is a connection of ${slot.connector}, and this needs one of ${connector}`);
  }
  for (const [name, { connector }] of Object.entries(connections)) {
    if (!uses.some(({ connection }) => connection === name)) throw invalidTemplate(`connections.${name}`, 'the automation does not use it');
    if (!Object.hasOwn(connectors, connector))
      throw invalidTemplate(`connectors`, `${connector} is missing, of which ${name} is a connection`);
  }
}

function tryOut({ parameters = {}, automation }: AutomationTemplate): void {
  const values = new Map(Object.entries(parameters).map(([name, parameter]) => [name, sampleOf(parameter)]));
  const filled = fillDefinition(automation, values);
  try {
    parseAutomation(filled);
  } catch (cause) {
    if (!isPatchbayError(cause)) throw cause;
    throw invalidTemplate('automation', cause.message.replace(/^The automation is not valid: /, ''), cause);
  }
}
